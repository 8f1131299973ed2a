import * as tf from "./tf.js";

/** What both kernels are asked for; their inputs are tensors, whatever their type says. */
interface Request {
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly attrs?: unknown;
}

/**
 * Gives the wasm backend the two kernels that training a convolution needs, made of ones that it has. For what the
 * page's networks hold: channels last, stride 1, odd filters, padding `same`.
 *
 * tfjs has none for the filter, and a slow one for the input. `examples/receptive-field/conv-on-wasm.js` does the same in
 * plain JavaScript, for readers to copy: a change of one belongs in the other, and one test holds both.
 */
export function registerConvolutionGradients(): void {
  const backendName = "wasm";
  tf.unregisterKernel("Conv2DBackpropInput", backendName);
  tf.registerKernel({ kernelName: "Conv2DBackpropInput", backendName, kernelFunc: inputGradient });
  tf.registerKernel({ kernelName: "Conv2DBackpropFilter", backendName, kernelFunc: filterGradient });
}

/** ∂L/∂x = ∂L/∂y ∗ w, the filter turned by half a turn, its channels exchanged. */
export function inputGradient({ inputs }: Request): tf.Tensor {
  const { dy, filter } = inputs as { dy: tf.Tensor4D; filter: tf.Tensor4D };
  return tf.tidy(() => {
    const turned = tf.transpose(tf.reverse(filter, [0, 1]), [0, 1, 3, 2]);
    return tf.conv2d(dy, turned as tf.Tensor4D, 1, "same");
  });
}

/** ∂L/∂w = x ∗ ∂L/∂y, the samples taken as channels: a convolution, too. */
export function filterGradient({ inputs, attrs }: Request): tf.Tensor {
  const { x, dy } = inputs as { x: tf.Tensor4D; dy: tf.Tensor4D };
  const { filterShape } = attrs as { filterShape: [number, number, number, number] };
  return tf.tidy(() => {
    const [vertical, horizontal] = [(filterShape[0] - 1) / 2, (filterShape[1] - 1) / 2];
    const padded = tf.pad(tf.transpose(x, [3, 1, 2, 0]), [
      [0, 0],
      [vertical, vertical],
      [horizontal, horizontal],
      [0, 0],
    ]);
    const gradient = tf.transpose(dy, [1, 2, 0, 3]);
    return tf.transpose(tf.conv2d(padded as tf.Tensor4D, gradient as tf.Tensor4D, 1, "valid"), [1, 2, 0, 3]);
  });
}
