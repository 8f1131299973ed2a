// Graph models for tests, and what they were made of.
import { convolution, flag, fused, GraphBuilder, integers, text } from "./graph-builder.js";
import { normal, tf } from "./support.js";

/** Weights of a small CNN: 8 × 8 × 1 → conv 4 → conv 5 → pooling → dense 6 → dense 7 → dense 3. */
export const WEIGHTS = {
  conv1: [normal([3, 3, 1, 4], 1), normal([4], 2)],
  conv2: [normal([3, 3, 4, 5], 3), normal([5], 4)],
  dense1: [normal([20, 6], 5), normal([6], 6)],
  dense2: [normal([6, 7], 7), normal([7], 8)],
  dense3: [normal([7, 3], 9), normal([3], 10)],
} as const;

type LayerName = keyof typeof WEIGHTS;

/**
 * The CNN as a graph with every way in which a layer appears: product, bias and activation apart (`conv1`,
 * `dense2`), fused with the activation (`conv2`), fused with the bias alone (`dense1`), a bare product (`dense3`).
 */
export async function graphCnn(): Promise<tf.GraphModel> {
  const graph = new GraphBuilder();
  const weights = (layer: LayerName) => [
    graph.constant(`${layer}/kernel`, WEIGHTS[layer][0]),
    graph.constant(`${layer}/bias`, WEIGHTS[layer][1]),
  ];
  let value = graph.input("x", [null, 8, 8, 1]);

  const [kernel1, bias1] = weights("conv1");
  value = graph.node("Conv2D", "conv1/Conv2D", [value, kernel1!], convolution);
  value = graph.node("BiasAdd", "conv1/BiasAdd", [value, bias1!]);
  value = graph.node("Relu", "conv1/Relu", [value]);

  const relu = fused("BiasAdd", "Relu");
  value = graph.node("_FusedConv2D", "conv2/Relu", [value, ...weights("conv2")], { ...convolution, ...relu });
  const pooling = { ksize: integers(1, 2, 2, 1), strides: integers(1, 2, 2, 1), padding: text("VALID") };
  value = graph.node("MaxPool", "pool", [value], { ...pooling, data_format: text("NHWC") });
  const shape = graph.constant("flatten/shape", tf.tensor1d([-1, 20], "int32"));
  value = graph.node("Reshape", "flatten", [value, shape]);

  value = graph.node("_FusedMatMul", "dense1/BiasAdd", [value, ...weights("dense1")], fused("BiasAdd"));

  const [kernel2, bias2] = weights("dense2");
  const read = graph.node("Identity", "dense2/kernel/read", [kernel2!]);
  value = graph.node("MatMul", "dense2/MatMul", [value, read]);
  value = graph.node("AddV2", "dense2/add", [value, bias2!]);
  value = graph.node("Tanh", "dense2/Tanh", [value]);

  const [kernel3, bias3] = weights("dense3");
  value = graph.node("MatMul", "dense3/MatMul", [value, kernel3!]);
  // Products of values with values are nobody's layer.
  const scores = graph.node("MatMul", "attention/scores", [value, value], { transpose_b: flag(true) });
  value = graph.node("MatMul", "attention/mix", [scores, value]);
  value = graph.node("Mul", "scaled", [value, bias3!]);
  return graph.load({ outputs: [value] });
}

/** The same CNN as a model of layers; its last layer has no bias. */
export function layersCnn(): tf.Sequential {
  const conv = (name: string, filters: number, rest = {}) =>
    tf.layers.conv2d({ name, filters, kernelSize: 3, activation: "relu", ...rest });
  const model = tf.sequential({
    layers: [
      conv("conv1", 4, { inputShape: [8, 8, 1] }),
      conv("conv2", 5),
      tf.layers.maxPooling2d({ poolSize: 2 }),
      tf.layers.flatten(),
      tf.layers.dense({ name: "dense1", units: 6 }),
      tf.layers.dense({ name: "dense2", units: 7, activation: "tanh" }),
      tf.layers.dense({ name: "dense3", units: 3, useBias: false }),
    ],
  });
  for (const name of Object.keys(WEIGHTS) as LayerName[]) {
    const layer = model.getLayer(name);
    layer.setWeights(WEIGHTS[name].slice(0, layer.weights.length) as tf.Tensor[]);
  }
  return model;
}
