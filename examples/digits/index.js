// A small network learns to read handwritten digits, and delve tells how much of its feature space each layer uses.
//
//   node examples/digits/index.js
import * as tf from "@tensorflow/tfjs";
import { describeSave } from "./describe.js";
import { loadDigits } from "./load.js";
import { digitsNetwork } from "./network.js";
import { trainOnDigits } from "./train.js";

const EPOCHS = 8;

// Production mode: tfjs leaves out its debugging checks, and its advice to use another backend in Node.
tf.enableProdMode();
await tf.setBackend("cpu");

const { latest, savePath } = await trainOnDigits(tf, digitsNetwork(tf), loadDigits(tf), {
  epochs: EPOCHS,
  savePath: "runs/digits",
  saveTo: ["csv", "plot", "print"],
  // Plots of the first epoch and of the last.
  writerArgs: { plotEvery: EPOCHS, primaryMetric: "val_acc" },
});

console.log(describeSave(latest, savePath));
