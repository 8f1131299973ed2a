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
 * tfjs has none for the filter, and a slow one for the input.
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

/**
 * ∂L/∂w, for each place (i, j) of the filter: XᵀG, where a row of X has the channels that stood under that place, and
 * the row of G below it the gradient of what came of it.
 */
export function filterGradient({ inputs, attrs }: Request): tf.Tensor {
  const { x, dy } = inputs as { x: tf.Tensor4D; dy: tf.Tensor4D };
  const { filterShape } = attrs as { filterShape: [number, number, number, number] };
  return tf.tidy(() => {
    const [samples, rows, columns, channels] = x.shape;
    const [height, width, , filters] = filterShape;
    const around = [(height - 1) / 2, (width - 1) / 2] as const;
    const padded = tf.pad(x, [
      [0, 0],
      [around[0], around[0]],
      [around[1], around[1]],
      [0, 0],
    ]);
    const gradient = tf.reshape(dy, [-1, filters]);
    const places = Array.from({ length: height * width }, (_, at) => {
      const corner = [0, Math.floor(at / width), at % width, 0];
      const under = tf.slice(padded, corner, [samples, rows, columns, channels]);
      return tf.matMul(tf.reshape(under, [-1, channels]), gradient, true, false);
    });
    return tf.reshape(tf.stack(places), filterShape);
  });
}
