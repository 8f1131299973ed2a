// What Node and pages do alike: project a network's layers, change how, save and load it.
import {
  changeAllPcaLayerThresholds,
  changeAllPcaLayerThresholdsAndInjectRandomDirections,
  pcaLayers,
  refreshPcaLayers,
} from "@delve/tfjs";

/** Values that are the same everywhere: what a generator in float32 gives differs from backend to backend. */
function values(tf, shape, step) {
  const length = shape.reduce((a, b) => a * b, 1);
  return tf.tensor(
    Float32Array.from({ length }, (_, i) => Math.sin(step * (i + 1)) + Math.cos(0.37 * step * i * i)),
    shape,
  );
}

function network(tf, { LinearPCALayer, Conv2DPCALayer }) {
  const model = tf.sequential({
    layers: [
      tf.layers.conv2d({ filters: 6, kernelSize: 3, inputShape: [8, 8, 2], useBias: false, name: "conv" }),
      new Conv2DPCALayer({ name: "convPca", centering: true, downsampling: 4 }),
      tf.layers.activation({ activation: "tanh" }),
      tf.layers.globalAveragePooling2d({}),
      tf.layers.dense({ units: 5, useBias: false, name: "dense" }),
      new LinearPCALayer({ name: "densePca" }),
    ],
  });
  for (const layer of [model.getLayer("conv"), model.getLayer("dense")]) {
    layer.setWeights(layer.getWeights().map(({ shape }, i) => values(tf, shape, 1.1 + i)));
  }
  return model;
}

/** Outputs before training, at two thresholds, along random directions, and of the model loaded again. */
export async function projectPasses(tf) {
  const messages = [];
  const classes = await pcaLayers(tf, { logger: (level, message) => messages.push(`${level} ${message}`) });
  const model = network(tf, classes);
  const x = values(tf, [16, 8, 8, 2], 0.7);
  const { numTensors } = tf.memory();
  const predict = async (of = model) => {
    const output = of.predict(x);
    const numbers = Array.from(await output.data());
    output.dispose();
    return numbers;
  };

  const untrained = await predict();
  for (let pass = 0; pass < 2; pass++) model.apply(x, { training: true }).dispose();
  const waiting = model.getLayer("convPca").waiting;
  const early = attempt(() => changeAllPcaLayerThresholds(model, 0.9));
  await refreshPcaLayers(model);
  const kept = changeAllPcaLayerThresholds(model, 0.9);
  const projected = await predict();
  const less = changeAllPcaLayerThresholds(model, 0.5);
  const narrow = await predict();
  changeAllPcaLayerThresholdsAndInjectRandomDirections(model, 0.5, { seed: 3 });
  const random = await predict();
  const leftOver = tf.memory().numTensors - numTensors;

  changeAllPcaLayerThresholds(model, 0.9);
  const copy = await reloaded(tf, model);
  const loaded = await predict(copy);
  copy.apply(x, { training: true }).dispose();
  await refreshPcaLayers(copy);
  const goneOn = copy.getLayer("densePca").epoch;
  const fitted = await fit(tf, classes);
  const outputs = { untrained, projected, narrow, random, loaded };
  return { ...outputs, kept, less, goneOn, waiting, early, leftOver, fitted, messages };
}

/** What an epoch of `fit` leaves behind: samples that the layer has seen, and what the network predicts then. */
async function fit(tf, { LinearPCALayer }) {
  const pca = new LinearPCALayer({ threshold: 0.8 });
  const layers = [tf.layers.dense({ units: 6, inputShape: [4] }), pca, tf.layers.dense({ units: 2 })];
  const model = tf.sequential({ layers });
  for (const layer of [layers[0], layers[2]]) {
    layer.setWeights(layer.getWeights().map(({ shape }, i) => values(tf, shape, 0.9 + i)));
  }
  model.compile({ optimizer: tf.train.sgd(0.01), loss: "meanSquaredError" });
  const [x, y] = [values(tf, [32, 4], 0.7), values(tf, [32, 2], 1.3)];
  await model.fit(x, y, { epochs: 1, batchSize: 8, shuffle: false, verbose: 0 });
  await refreshPcaLayers(model);
  return { seen: pca.seenSamples, epoch: pca.epoch, output: Array.from(await model.predict(x).data()) };
}

function attempt(action) {
  try {
    action();
    return "done";
  } catch (error) {
    return error.message;
  }
}

async function reloaded(tf, model) {
  let saved;
  await model.save(
    tf.io.withSaveHandler(async (artifacts) => {
      saved = artifacts;
      return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: "JSON" } };
    }),
  );
  return tf.loadLayersModel(tf.io.fromMemory(saved));
}
