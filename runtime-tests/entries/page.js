// A page's module: each job is loaded when it is asked for, as a page would that splits its code.
const jobs = {
  kernel: () => import("./jobs/kernel.js"),
  core: () => import("./jobs/core.js"),
  stats: () => import("./jobs/stats.js"),
  webgpu: () => import("./jobs/webgpu.js"),
  tfjs: () => import("./jobs/tfjs.js"),
  onnxruntime: () => import("./jobs/onnxruntime.js"),
};

/** ONNX Runtime's own Wasm comes from where the page says, never from a public network. */
async function webRuntime() {
  const ort = await import("onnxruntime-web/wasm");
  ort.env.wasm.wasmPaths = { wasm: "/ort-wasm-simd-threaded.wasm" };
  ort.env.wasm.numThreads = 1;
  return { ort };
}

globalThis.job = async (name, request) => {
  const handedIn = name === "onnxruntime" ? await webRuntime() : {};
  const module = await jobs[name]();
  return module[name]({ ...request, ...handedIn });
};
