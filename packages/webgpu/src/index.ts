export type { Mode } from "./mode.js";
export { type OpenWebGPUOptions, openWebGPU } from "./open-webgpu.js";
export type { ProductKernel } from "./product-kernels.js";
export type { WebGPUBackend } from "./webgpu-backend.js";
export type { WebGPUMoments } from "./webgpu-moments.js";
