import { random } from "./random.mjs";

const BATCH = 64;
const DENSE = ["fc1", "fc2", "classifier"];

/** Output shapes of VGG16 for a batch of 32 × 32 images, N × C × H × W or N × F, in the order of the layers. */
export const LAYERS = [
  ...convolutions([64, 64], 32, 1),
  ...convolutions([128, 128], 16, 2),
  ...convolutions([256, 256, 256], 8, 3),
  ...convolutions([512, 512, 512], 4, 4),
  ...convolutions([512, 512, 512], 2, 5),
  ...[4096, 4096, 10].map((features, i) => ({ name: DENSE[i], shape: [BATCH, features] })),
];

function convolutions(widths, size, stage) {
  return widths.map((width, i) => ({ name: `conv${stage}_${i + 1}`, shape: [BATCH, width, size, size] }));
}

/** Ways to fill a sample with d values, given independent ones of mean 0 and variance 1. */
export const FILLINGS = {
  /** Variances 1, 1/2, 1/3 … along directions that are no axes: a reflection mixes all features. */
  "i⁻¹ spectrum": (sample, d, next) => {
    for (let i = 0; i < d; i++) sample[i] = normal(next) / Math.sqrt(1 + i);
    let dot = 0;
    for (let i = 0; i < d; i++) dot += sample[i] * direction(i);
    const factor = (2 * dot) / squaredNorm(d);
    for (let i = 0; i < d; i++) sample[i] -= factor * direction(i);
  },
  /** Half of the values 0, the spectrum flat. */
  "ReLU noise": (sample, d, next) => {
    for (let i = 0; i < d; i++) sample[i] = Math.max(0, normal(next));
  },
};

/** The outputs of all layers for one batch, seeded, end to end as float32; `at` finds a layer's. */
export function layerOutputs(filling) {
  const sizes = LAYERS.map(({ shape }) => shape.reduce((a, b) => a * b));
  const starts = sizes.map((_, i) => sizes.slice(0, i).reduce((a, b) => a + b, 0));
  const all = new Float32Array(sizes.reduce((a, b) => a + b));
  const outputs = LAYERS.map(({ name, shape }, i) => {
    const data = all.subarray(starts[i], starts[i] + sizes[i]);
    fill(data, shape, FILLINGS[filling], random(i + 1));
    return { name, shape, data };
  });
  return { all, outputs };
}

function fill(data, [count, features, height = 1, width = 1], filling, next) {
  const places = height * width;
  const sample = new Float64Array(features);
  for (let n = 0; n < count; n++) {
    for (let place = 0; place < places; place++) {
      filling(sample, features, next);
      for (let f = 0; f < features; f++) data[(n * features + f) * places + place] = sample[f];
    }
  }
}

/** The sum of three uniform numbers, near enough to a normal one. */
const normal = (next) => 2 * (next() + next() + next()) - 3;

/** The reflection's normal vector, not normalised. */
const direction = (i) => 1 + (i % 7);

const norms = new Map();

function squaredNorm(d) {
  if (!norms.has(d)) {
    norms.set(
      d,
      Array.from({ length: d }, (_, i) => direction(i) ** 2).reduce((a, b) => a + b),
    );
  }
  return norms.get(d);
}
