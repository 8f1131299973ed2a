// A small network learns to read handwritten digits; then its layers are projected onto the subspaces that carry a
// given share of their variance, and onto random ones of the same dimensions. How much does it still recognise?
//
//   node examples/projection/index.js
import { mkdirSync, writeFileSync } from "node:fs";
import { renderPng } from "@delve/stats/png";
import { pcaLayers } from "@delve/tfjs";
import * as tf from "@tensorflow/tfjs";
import { loadDigits } from "../digits/load.js";
import { accuracyOf, projectionCurve } from "./curve.js";
import { projectedNetwork } from "./network.js";
import { conclusionOf, figureOf, tableOf } from "./report.js";

const THRESHOLDS = [0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.97, 0.99, 0.995, 0.999];
const SEEDS = [1, 2, 3, 4, 5];
const EPOCHS = 8;
const folder = "runs/projection";

// Production mode: tfjs leaves out its debugging checks, and its advice to use another backend in Node.
tf.enableProdMode();
await tf.setBackend("cpu");

const { train, heldOut } = loadDigits(tf);
const model = projectedNetwork(tf, await pcaLayers(tf));

console.log(`Training on ${train.images.shape[0]} digits, ${EPOCHS} epochs …`);
// While training, PCA layers let everything through: these are the weights that come about without them.
await model.fit(train.images, train.labels, {
  epochs: EPOCHS,
  batchSize: 32,
  // Always in the same order: every run gives the same numbers.
  shuffle: false,
  verbose: 0,
});

const unprojected = accuracyOf(tf, model, heldOut, true);

// So far the layers have been seen while they were changing. An evaluation ends that set of samples; the training
// digits once more, in training mode but without a step, are what the projections are made from.
accuracyOf(tf, model, heldOut);
tf.dispose(model.apply(train.images, { training: true }));

const hidden = model.layers.filter(({ name }) => name.endsWith("-pca"));
const network = {
  layers: hidden.map(({ name }) => name.replace("-pca", "")),
  features: hidden.map(({ fsDim }) => fsDim),
  unprojected,
};
const curve = projectionCurve(tf, model, heldOut, { thresholds: THRESHOLDS, seeds: SEEDS });

const svg = figureOf(curve, network);
mkdirSync(folder, { recursive: true });
writeFileSync(`${folder}/accuracy.svg`, svg);
writeFileSync(`${folder}/accuracy.png`, await renderPng(svg));

console.log(`
Directions kept by each hidden layer, and accuracy on ${heldOut.images.shape[0]} held-out digits:

${tableOf(curve, network)}

${conclusionOf(curve, network)}

The plot    ${folder}/accuracy.png (and .svg)`);
