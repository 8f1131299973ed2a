// The networks of the examples, ready to be run epoch by epoch.
import * as tf from "@tensorflow/tfjs";
import "@tensorflow/tfjs-backend-wasm";
import { loadDigits } from "../../examples/digits/load.js";
import { digitsNetwork } from "../../examples/digits/network.js";

tf.enableProdMode();

export { tf };

const normal = (shape, seed) => tf.randomNormal(shape, 0, 1, "float32", seed);

/** The network of Delve's documentation, 1000 → 32 → 10, in batches of 64; an epoch is 50 steps of a loop of one's own. */
export function gallery() {
  const [x, y] = [normal([64, 1000], 1), normal([64, 10], 2)];
  const dense = (name, units, rest) => {
    const kernelInitializer = tf.initializers.heNormal({ seed: units });
    return tf.layers.dense({ name, units, kernelInitializer, ...rest });
  };
  const layers = [dense("linear1", 32, { inputShape: [1000], activation: "relu" }), dense("linear2", 10)];
  const model = tf.sequential({ layers });
  const optimizer = tf.train.momentum(1e-6, 0.9);
  const loss = () => model.apply(x, { training: true }).sub(y).square().sum();
  const epoch = async () => {
    for (let step = 0; step < 50; step++) optimizer.minimize(loss);
  };
  return { model, epoch };
}

/** The CNN of the digits example in `fit`; an epoch is 20 batches of 32. */
export function digits() {
  const train = someDigits();
  const model = digitsNetwork(tf);
  const epoch = (callbacks) =>
    model.fit(train.images, train.labels, { epochs: 1, batchSize: 32, shuffle: false, callbacks });
  return { model, epoch };
}

/** The CNN of the digits example in `predict`: 20 batches of 32. */
export function digitsInference() {
  const train = someDigits();
  const model = digitsNetwork(tf);
  const epoch = async () => tf.dispose(model.predict(train.images, { batchSize: 32 }));
  return { model, epoch };
}

function someDigits() {
  const { images, labels } = loadDigits(tf).train;
  return { images: images.slice(0, 640), labels: labels.slice(0, 640) };
}
