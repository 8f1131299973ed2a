// tfjs's wasm backend computes a convolution many times faster than the cpu one, but has no kernel for the gradient of
// its weights. Both gradients of a convolution are convolutions themselves, so the backend has what they need. (To be
// copied, and therefore whole; packages/playground/src/worker/convolution-gradients.ts does the same for the playground,
// and its test holds both against the gradients of tfjs's cpu backend.)

/** Lets Conv2D layers of stride 1 and padding "same" be trained on tfjs's wasm backend. */
export function trainConvolutionsOnWasm(tf) {
  const kernel = (kernelName, kernelFunc) =>
    tf.registerKernel({ kernelName, backendName: "wasm", kernelFunc });
  kernel("Conv2DBackpropFilter", ({ inputs, attrs }) =>
    filterGradient(tf, asTensor(tf, inputs.x), asTensor(tf, inputs.dy), attrs.filterShape),
  );
  // tfjs has this one, in plain loops; as a convolution it is faster.
  tf.unregisterKernel("Conv2DBackpropInput", "wasm");
  kernel("Conv2DBackpropInput", ({ inputs }) =>
    inputGradient(tf, asTensor(tf, inputs.dy), asTensor(tf, inputs.filter)),
  );
}

/** The inputs, with their samples as channels, convolved with the gradients of the outputs. */
function filterGradient(tf, inputs, gradients, [height, width]) {
  const [top, left] = [(height - 1) >> 1, (width - 1) >> 1];
  const margins = [
    [0, 0],
    [top, height - 1 - top],
    [left, width - 1 - left],
    [0, 0],
  ];
  return tf.tidy(() => {
    const padded = tf.pad(tf.transpose(inputs, [3, 1, 2, 0]), margins);
    const filter = tf.transpose(gradients, [1, 2, 0, 3]);
    return tf.transpose(tf.conv2d(padded, filter, 1, "valid"), [1, 2, 0, 3]);
  });
}

/** The gradients of the outputs, convolved with the filter turned around. */
function inputGradient(tf, gradients, filter) {
  return tf.tidy(() => {
    const turned = tf.transpose(tf.reverse(filter, [0, 1]), [0, 1, 3, 2]);
    return tf.conv2d(gradients, turned, 1, "same");
  });
}

const asTensor = (tf, info) => (info.rank === undefined ? tf.engine().makeTensorFromTensorInfo(info) : info);
