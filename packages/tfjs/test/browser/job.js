// What Node and pages do alike: train the network of the digits example, or put digits through it.
import { memoryStorage } from "@delve/stats";
import { SaturationTracker } from "@delve/tfjs";
import { digitsOf } from "../../../../examples/digits/data.js";
import { digitsNetwork } from "../../../../examples/digits/network.js";
import { trainOnDigits } from "../../../../examples/digits/train.js";

/** Digits to train on, and to validate with: a GPU in software takes its time. */
const FEW = 192;
const EPOCHS = 2;
const BATCH = 64;

/**
 * The example's training, with fewer digits and epochs; its last save, its CSV, and the weights that came of it.
 * `computing`: further options of the tracker.
 */
export async function train(tf, csv, computing = {}) {
  const { train, heldOut } = digitsOf(tf, csv);
  const few = { train: first(train, FEW), heldOut: first(heldOut, FEW) };
  const model = digitsNetwork(tf);
  const { numTensors } = tf.memory();
  const where = { savePath: "digits", saveTo: ["csv"], storage: memoryStorage(), ...computing };
  const tracker = await trainOnDigits(tf, model, few, { epochs: EPOCHS, ...where });
  // Adam has made two tensors to each weight meanwhile.
  const adam = 2 * model.getWeights().length;
  const leftOver = tf.memory().numTensors - numTensors - adam;
  const saved = await tracker.storage.read("digits.csv");
  const weights = await Promise.all(
    model.getWeights().map(async (weight) => Array.from(await weight.data())),
  );
  return { records: plain(tracker.latest), csv: new TextDecoder().decode(saved), weights, leftOver };
}

/** One pass of the held-out digits with given weights: each layer's covariance, and the scores of the classes. */
export async function evaluate(tf, csv, weights, computing = {}) {
  const { heldOut } = digitsOf(tf, csv);
  const model = digitsNetwork(tf);
  tf.tidy(() => model.setWeights(model.getWeights().map(({ shape }, i) => tf.tensor(weights[i], shape))));
  const { numTensors } = tf.memory();
  const tracker = await SaturationTracker.open({ tf, model, stats: ["cov", "lsat", "idim"], ...computing });
  const output = model.predict(heldOut.images, { batchSize: BATCH });
  const scores = Array.from(await output.data());
  output.dispose();
  await tracker.addSaturations();
  await tracker.close();
  return { records: plain(tracker.latest), scores, leftOver: tf.memory().numTensors - numTensors };
}

function first({ images, labels }, count) {
  return { images: images.slice(0, count), labels: labels.slice(0, count) };
}

/** Records as what can leave a page: matrices as lists. */
function plain({ records }) {
  return records.map(({ value, ...rest }) => {
    return { ...rest, value: typeof value === "object" ? Array.from(value.data) : value };
  });
}
