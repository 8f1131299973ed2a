import {
  type DenseSamples,
  type GoldenBatch,
  numpyNormal,
  oddPcaCases,
  type PcaCase,
  pcaCases,
  twoPassCovariance,
  twoPassMean,
} from "@delve/conformance";
import { loadKernel, type SampleMatrix } from "@delve/kernel";
import { referenceBackend } from "@delve/kernel/reference";
import { describe, expect, test } from "vitest";
import {
  interpolate,
  PcaSubspace,
  type Projection,
  pcaRank,
  project,
  projectionCoordinates,
  projectionMatrix,
  sampleMatrixOf,
} from "../src/index.js";

// Delve's recorded PCA layers, replayed: with the mean ignored, its own numbers; with the mean kept, against the same
// computed by definition.
const reference = referenceBackend();
const backends = [reference, await loadKernel()];

/** Delve rounds its projection to float32, and multiplies in it. */
const PROJECTION_BOUND = 6e-8;
const OUTPUT_BOUND = 1e-6;
/** Of numbers around 1, in float64. */
const PLAIN_BOUND = 1e-12;

/** What Delve's layer makes of a batch: every place of a feature map is a sample. */
function samplesOf({ shape, data }: GoldenBatch, downsampling: number | null = null): SampleMatrix {
  if (shape.length === 2) return sampleMatrixOf({ data, shape });
  const output = { data, shape, layout: "channelsFirst" } as const;
  return sampleMatrixOf(downsampling === null ? output : interpolate(output, downsampling, "nearest"));
}

/** Samples of a view, row-major. */
function dense(view: SampleMatrix): DenseSamples {
  const { data, rows, features, rowStride, featureStride, blockRows = rows, blockStride = 0 } = view;
  const values = Float64Array.from({ length: rows * features }, (_, at) => {
    const [r, f] = [Math.floor(at / features), at % features];
    return data[Math.floor(r / blockRows) * blockStride + (r % blockRows) * rowStride + f * featureStride]!;
  });
  return { rows, features, data: values };
}

function together(a: DenseSamples | null, b: DenseSamples): DenseSamples {
  if (a === null) return b;
  return { rows: a.rows + b.rows, features: b.features, data: Float64Array.of(...a.data, ...b.data) };
}

const difference = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  expect(a.length).toBe(b.length);
  return Math.max(...Array.from(a, (value, i) => Math.abs(value - b[i]!)));
};

/** What a replay shows at each evaluation pass. */
interface Look {
  readonly projection: Projection;
  readonly event: Extract<PcaCase["events"][number], { op: "eval" }>;
  /** All that the layer was trained with since the projection before. */
  readonly seen: DenseSamples;
  readonly threshold: number;
  readonly centering: boolean;
  /** Centering was changed since the last training pass, which Delve heeds from the next one on. */
  readonly recentred: boolean;
}

/** Lets a subspace live through a case. */
function replay(pca: PcaSubspace, golden: PcaCase, look: (at: Look) => void): void {
  let seen: DenseSamples | null = null;
  let closed = false;
  let recentred = false;
  const change = (centering: boolean) => {
    recentred = centering !== golden.centering;
    pca.centering = centering;
  };
  for (const event of golden.events) {
    if (event.op === "train") {
      const samples = samplesOf(event.input, golden.downsampling);
      seen = together(closed ? null : seen, dense(samples));
      closed = false;
      pca.update(samples);
    } else if (event.op === "eval") {
      closed = true;
      pca.close();
      const { projection, threshold, centering } = pca;
      look({ projection, event, seen: seen!, threshold, centering, recentred });
    } else if (event.op === "set_centering") {
      change(event.value);
    } else {
      if (event.op === "set_centering_and_threshold") change(event.centering);
      pca.threshold = event.threshold;
      // The recording ends there, with a look at the random directions.
      if (event.op === "inject_random_directions") break;
    }
  }
}

describe.each(backends)("Delve's PCA layers, the mean ignored, on $name", (backend) => {
  test.each(pcaCases())("$id: ranks, projections and outputs", (golden) => {
    const { features, threshold, centering } = golden;
    using pca = new PcaSubspace(backend, features, { threshold, centering, mean: "ignore" });
    let compared = 0;
    replay(pca, golden, ({ projection, event: { input, expected }, recentred }) => {
      if (recentred) return;
      compared++;
      expect(projection.rank).toBe(expected.rank);
      expect(difference(projectionMatrix(projection), expected.projection)).toBeLessThan(PROJECTION_BOUND);
      const output = dense(samplesOf(expected.output)).data;
      const scale = Math.max(...output.map(Math.abs));
      expect(difference(project(projection, samplesOf(input)).data, output)).toBeLessThan(
        OUTPUT_BOUND * scale,
      );
    });
    expect(compared).toBe(10);
    expect(pca.epoch).toBe(2);
  });

  test.each(pcaCases())("$id: what changing the threshold and injecting directions returns", (golden) => {
    const { features, threshold, centering, events } = golden;
    using pca = new PcaSubspace(backend, features, { threshold, centering, mean: "ignore" });
    const training = events.filter((event) => event.op === "train");
    const changes = events.filter((event) => "returns" in event);
    expect(changes.map(({ op }) => op)).toEqual([
      ...new Array(7).fill("change_all_pca_layer_thresholds"),
      "inject_random_directions",
    ]);
    const train = (batches: typeof training) => {
      for (const { input } of batches) pca.update(samplesOf(input, golden.downsampling));
    };
    train(training.slice(0, 2));
    pca.close();
    for (const change of changes) {
      if (change.op === "inject_random_directions") train(training.slice(2));
      pca.threshold = change.threshold;
      const { rank } = pca.projection;
      expect([rank]).toEqual(change.returns.in_dims);
      expect([features]).toEqual(change.returns.fs_dims);
      expect([Number(((100 * rank) / features).toFixed(4))]).toEqual(change.returns.sat);
      if (change.op !== "inject_random_directions") continue;
      const random = pca.injectRandomDirections({ normal: numpyNormal(change.seed) });
      expect(difference(projectionMatrix(random), change.projection)).toBeLessThan(PROJECTION_BOUND);
      expect(pca.projection).toBe(random);
    }
  });
});

describe.each(backends)("affine projections, by definition, on $name", (backend) => {
  test.each(pcaCases())("$id: μ + P(x − μ), also after a change of centering", (golden) => {
    const { features, threshold, centering } = golden;
    using pca = new PcaSubspace(backend, features, { threshold, centering });
    let compared = 0;
    replay(pca, golden, (at) => {
      compared++;
      const plain = plainProjection(at.seen, at.threshold, at.centering);
      expect(at.projection.rank).toBe(plain.rank);
      expect(difference(projectionMatrix(at.projection), plain.matrix)).toBeLessThan(PLAIN_BOUND);
      const input = dense(samplesOf(at.event.input));
      const own = project(at.projection, samplesOf(at.event.input)).data;
      expect(difference(own, plain.apply(input))).toBeLessThan(20 * PLAIN_BOUND);
    });
    expect(compared).toBe(11);
  });
});

/** μ + P(x − μ) with μ and P by their definitions: two passes, the reference decomposition, plain sums. */
function plainProjection(samples: DenseSamples, threshold: number, centering: boolean) {
  const { features: d } = samples;
  const mean = centering ? twoPassMean(samples) : new Float64Array(d);
  const { values, vectors } = reference.eigh(twoPassCovariance(samples, centering));
  const rank = pcaRank(values.slice().reverse(), threshold);
  const leading = Array.from({ length: rank }, (_, k) => d - 1 - k);
  const matrix = Float64Array.from({ length: d * d }, (_, at) => {
    const [i, j] = [Math.floor(at / d), at % d];
    return leading.reduce((sum, k) => sum + vectors[i * d + k]! * vectors[j * d + k]!, 0);
  });
  const apply = ({ rows, data }: DenseSamples) =>
    Float64Array.from({ length: rows * d }, (_, at) => {
      const [r, i] = [Math.floor(at / d), at % d];
      let sum = mean[i]!;
      for (let j = 0; j < d; j++) sum += matrix[i * d + j]! * (data[r * d + j]! - mean[j]!);
      return sum;
    });
  return { rank, matrix, apply };
}

describe("pca/odd", () => {
  const { x, cases } = oddPcaCases();
  const samples = sampleMatrixOf(x);
  const odd = <T>(name: string) => cases.find((one) => one.name === name)!.outcome as T;
  const trained = (options: ConstructorParameters<typeof PcaSubspace>[2]) => {
    const pca = new PcaSubspace(reference, 4, options);
    pca.update(samples);
    return pca;
  };

  test.each([0.5, 0.9, 0.999])("linear_keepdim_false_centering_False, threshold %d", (threshold) => {
    const { projection } = trained({ threshold, centering: false });
    const { rows, columns, data } = projectionCoordinates(projection, samples);
    const name = `linear_keepdim_false_centering_False_thr_${threshold}`;
    const { shape, abs_y } = odd<{ shape: number[]; abs_y: number[][] }>(name);
    expect([rows, columns]).toEqual(shape);
    expect(difference(data.map(Math.abs), abs_y.flat())).toBeLessThan(3 * OUTPUT_BOUND);
  });

  test("linear_keepdim_false_centering_True: Delve's broadcast is one of the coordinates, ours are all", () => {
    // Delve adds its mean, four zeros, to one coordinate a sample, which spreads it over four.
    const { abs_y } = odd<{ abs_y: number[][] }>("linear_keepdim_false_centering_True_thr_0.5");
    const pca = trained({ threshold: 0.5, mean: "ignore" });
    const { columns, data } = projectionCoordinates(pca.projection, samples);
    expect(columns).toBe(1);
    expect(
      difference(
        data.map(Math.abs),
        abs_y.map(([value]) => value!),
      ),
    ).toBeLessThan(3 * OUTPUT_BOUND);
  });

  test("linear_zero_training_data: one dimension", () => {
    const pca = new PcaSubspace(reference, 4);
    pca.update({ ...samples, data: new Float64Array(80) });
    const { in_dim } = odd<{ in_dim: number }>("linear_zero_training_data");
    expect(pca.projection.rank).toBe(in_dim);
  });

  test("linear_threshold_set_before_training: Delve projects onto nothing, here it is refused", () => {
    const pca = new PcaSubspace(reference, 4);
    pca.threshold = 0.5;
    expect(() => pca.projection).toThrow("PcaSubspace.projection: needs at least one sample, got 0");
    expect(odd<{ y: number[][] }>("linear_threshold_set_before_training").y.flat()).toEqual(
      new Array(80).fill(0),
    );
  });
});
