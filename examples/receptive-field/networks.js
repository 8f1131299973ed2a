// Deep stacks of 3 × 3 convolutions without pooling: with each, a value sees two pixels more in both directions.

/**
 * A plain network: convolutions in a row, an average over all places, a classifier.
 *
 * @param options - `size` in pixels of a side of the images, `depth` and `width` of the convolutions, `seed` of the
 * weights that it starts with.
 */
export function plainNetwork(tf, { size, depth, width, seed }) {
  const layers = layersOf(tf, seed);
  const input = tf.input({ shape: [size, size, 1] });
  let x = input;
  for (let k = 1; k <= depth; k++) x = layers.relu(layers.conv(`conv${k}`, width, x));
  return compiled(tf, input, layers.classes(x));
}

/** A residual network: after the first convolution, blocks of two with a way around them. Options as above. */
export function residualNetwork(tf, { size, depth, width, seed }) {
  const layers = layersOf(tf, seed);
  const input = tf.input({ shape: [size, size, 1] });
  let x = layers.relu(layers.conv("conv1", width, input));
  for (let k = 2; k + 1 <= depth; k += 2) {
    const inner = layers.relu(layers.conv(`conv${k}`, width, x));
    // Starting near zero, so that the values do not grow from block to block.
    const outer = layers.conv(`conv${k + 1}`, width, inner, 0.1);
    x = layers.relu(tf.layers.add().apply([x, outer]));
  }
  return compiled(tf, input, layers.classes(x));
}

/** Pixels of a side that a value of the k-th convolution sees, along the longest way. */
export const receptiveField = (k) => 2 * k + 1;

/** The first convolution whose inputs have each seen as many pixels as an image has: what it adds is no new sight. */
export const borderLayer = (size) => Math.ceil((size - 1) / 2) + 1;

function layersOf(tf, seed) {
  let next = 1000 * seed;
  const weights = (scale) =>
    tf.initializers.varianceScaling({
      scale,
      mode: "fanIn",
      distribution: "normal",
      seed: next++,
    });
  return {
    relu: (x) => tf.layers.reLU().apply(x),
    conv(name, filters, x, scale = 2) {
      const options = { name, filters, kernelSize: 3, padding: "same", kernelInitializer: weights(scale) };
      return tf.layers.conv2d(options).apply(x);
    },
    classes(x) {
      const means = tf.layers.globalAveragePooling2d({}).apply(x);
      const options = { name: "classes", units: 10, activation: "softmax", kernelInitializer: weights(1) };
      return tf.layers.dense(options).apply(means);
    },
  };
}

function compiled(tf, inputs, outputs) {
  const model = tf.model({ inputs, outputs });
  const optimizer = tf.train.adam(0.001);
  model.compile({ optimizer, loss: "categoricalCrossentropy", metrics: ["accuracy"] });
  return model;
}
