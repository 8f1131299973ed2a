// A page's module: sets `job`, which the test calls from outside.
import { runJob } from "./jobs/index.js";

/** ONNX Runtime's own Wasm comes from where the page says, never from a public network. */
async function webRuntime() {
  const ort = await import("onnxruntime-web/wasm");
  ort.env.wasm.wasmPaths = { wasm: "/ort-wasm-simd-threaded.wasm" };
  ort.env.wasm.numThreads = 1;
  return { ort };
}

globalThis.job = async (name, request) => {
  const handedIn = name === "onnxruntime" ? await webRuntime() : {};
  return runJob(name, { ...request, ...handedIn });
};
