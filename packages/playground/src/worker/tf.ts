// TensorFlow.js as far as the page needs it: neither the WebGL backend nor the converter.
import "@tensorflow/tfjs-core/dist/register_all_gradients.js";
import "@tensorflow/tfjs-core/dist/public/chained_ops/register_all_chained_ops.js";

export * from "@tensorflow/tfjs-core";
export * from "@tensorflow/tfjs-layers";
