/**
 * The network of the digits example with a PCA layer between each hidden layer and its activation, where Delve's
 * hooks look; the same weights each time.
 */
export function projectedNetwork(tf, { LinearPCALayer, Conv2DPCALayer }) {
  let seed = 1;
  const weights = () => ({ kernelInitializer: tf.initializers.heNormal({ seed: seed++ }) });
  const conv = (name, filters, rest) => [
    tf.layers.conv2d({ name, filters, kernelSize: 3, ...weights(), ...rest }),
    // About the mean, like the statistics of a tracker.
    new Conv2DPCALayer({ name: `${name}-pca`, centering: true }),
    tf.layers.reLU(),
  ];
  const dense = (name, units) => [
    tf.layers.dense({ name, units, ...weights() }),
    new LinearPCALayer({ name: `${name}-pca` }),
    tf.layers.reLU(),
  ];

  const model = tf.sequential({
    layers: [
      ...conv("conv1", 8, { padding: "same", inputShape: [8, 8, 1] }),
      tf.layers.maxPooling2d({ poolSize: 2 }),
      ...conv("conv2", 12),
      tf.layers.flatten(),
      ...dense("wide", 96),
      ...dense("narrow", 32),
      tf.layers.dense({ name: "classifier", units: 10, activation: "softmax", ...weights() }),
    ],
  });
  model.compile({ optimizer: tf.train.adam(0.003), loss: "categoricalCrossentropy", metrics: ["accuracy"] });
  return model;
}
