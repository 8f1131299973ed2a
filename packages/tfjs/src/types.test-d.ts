import * as tf from "@tensorflow/tfjs";
import type { Layer, Logs, Model, SymbolicTensor, Tensor, TensorFlow } from "./types.js";

const namespace: TensorFlow = tf;
const tensor: Tensor = tf.zeros([2, 3]);
const sequential: Model = tf.sequential();
const functional: Model = tf.model({ inputs: [], outputs: [] });
const layer: Layer = tf.layers.dense({ units: 1 });
const symbolic: SymbolicTensor = tf.input({ shape: [1] });

export { functional, type Logs, layer, namespace, sequential, symbolic, tensor };
