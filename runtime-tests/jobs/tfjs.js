import { SaturationTracker } from "@delve/tfjs";
import * as tf from "@tensorflow/tfjs";
import { rows } from "./known-matrix.js";

/** A dense layer that hands on what it gets is tracked while it predicts. */
export async function tfjs() {
  await tf.setBackend("cpu");
  const features = rows[0].length;
  const dense = tf.layers.dense({
    name: "layer",
    units: features,
    inputShape: [features],
    kernelInitializer: "identity",
  });
  const model = tf.sequential({ layers: [dense] });
  const tracker = await SaturationTracker.open({ tf, model, stats: ["lsat", "idim", "trc"] });
  tf.tidy(() => void model.predict(tf.tensor2d(rows)));
  await tracker.addSaturations();
  const [saturation, idim99, trace] = tracker.latest.records.map(({ value }) => value);
  await tracker.close();
  return { framework: `cpu of ${tf.version.tfjs}`, saturation, idim99, trace };
}
