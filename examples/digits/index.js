// A small network learns to read handwritten digits, and delve tells how much of its feature space each layer uses.
//
//   node examples/digits/index.js
import { SaturationTracker } from "@delve/tfjs";
import * as tf from "@tensorflow/tfjs";
import { loadDigits } from "./data.js";
import { describeSave } from "./describe.js";

const EPOCHS = 8;
const savePath = "runs/digits";

// Production mode: tfjs leaves out its debugging checks, and its advice to use another backend in Node.
tf.enableProdMode();
await tf.setBackend("cpu");

const { train, heldOut } = loadDigits(tf);

// Two convolutions and three dense layers. `wide` is wider than the task asks for, on purpose.
let seed = 1;
const weights = () => ({ kernelInitializer: tf.initializers.heNormal({ seed: seed++ }) });
const conv = (name, filters, rest) =>
  tf.layers.conv2d({
    name,
    filters,
    kernelSize: 3,
    padding: "same",
    activation: "relu",
    ...weights(),
    ...rest,
  });
const dense = (name, units, activation = "relu") =>
  tf.layers.dense({ name, units, activation, ...weights() });

const model = tf.sequential({
  layers: [
    conv("conv1", 8, { inputShape: [8, 8, 1] }),
    tf.layers.maxPooling2d({ poolSize: 2 }),
    conv("conv2", 12, { padding: "valid" }),
    tf.layers.flatten(),
    dense("wide", 96),
    dense("narrow", 32),
    dense("classifier", 10, "softmax"),
  ],
});
model.compile({ optimizer: tf.train.adam(0.003), loss: "categoricalCrossentropy", metrics: ["accuracy"] });

// This is all that delve needs: what to watch, what to compute, where to put it.
const tracker = await SaturationTracker.open({
  tf,
  model,
  savePath,
  saveTo: ["csv", "plot", "print"],
  stats: ["lsat", "idim", "trc"],
  // Plots of the first epoch and of the last.
  writerArgs: { plotEvery: EPOCHS, primaryMetric: "val_acc" },
});

await model.fit(train.images, train.labels, {
  epochs: EPOCHS,
  batchSize: 32,
  // Always in the same order: every run gives the same numbers.
  shuffle: false,
  validationData: [heldOut.images, heldOut.labels],
  callbacks: tracker.callback(),
});
await tracker.close();

console.log(describeSave(tracker.latest, savePath));
