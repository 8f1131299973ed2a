import { setWasmPaths } from "@tensorflow/tfjs-backend-wasm";
import plain from "@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm?url";
import simd from "@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url";
import { registerConvolutionGradients } from "./convolution-gradients.js";
import * as tf from "./tf.js";

/**
 * Makes TensorFlow.js compute on its wasm backend, for every network of the page.
 *
 * A small CNN trains tens of times faster on it than on the cpu backend. Dense layers gain little, since their time goes into many small
 * operations, and lose nothing. It cannot train convolutions by itself; two kernels made of others let it.
 */
export async function startBackend(): Promise<void> {
  tf.enableProdMode();
  // Threads need headers that a static site may not be able to send.
  tf.env().set("WASM_HAS_MULTITHREAD_SUPPORT", false);
  setWasmPaths({
    "tfjs-backend-wasm.wasm": plain,
    "tfjs-backend-wasm-simd.wasm": simd,
    "tfjs-backend-wasm-threaded-simd.wasm": simd,
  });
  registerConvolutionGradients();
  if (!(await tf.setBackend("wasm"))) {
    throw new Error("startBackend: the wasm backend of TensorFlow.js must start, got none");
  }
}
