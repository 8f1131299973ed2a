import { ShapeError } from "./errors.js";
import { instantiateKernel } from "./wasm/kernel-module.js";
import { WasmBackend } from "./wasm/wasm-backend.js";
import type { WebAssemblyModule } from "./wasm/web-assembly.js";

export interface LoadKernelOptions {
  /** Bytes beyond which the kernel's memory does not grow; 4 GiB by default, all that 32-bit Wasm can address. */
  readonly maxMemory?: number;
  /** The kernel as a compiled `WebAssembly.Module`, for platforms that compile modules but no bytes. */
  readonly module?: WebAssemblyModule;
}

/**
 * The Wasm backend, ready for use. Needs no file, no network and no configuration: the kernel's bytes are part of
 * this module, and are compiled at the first call.
 *
 * Every call makes an instance of its own, with its own memory, which `dispose` lets go; share one
 * backend among accumulators, or load several to keep their memory apart.
 *
 * @throws {BackendUnavailableError} If WebAssembly or its SIMD is missing, or compiling is forbidden (by a CSP).
 * @throws {ShapeError} If `maxMemory` is not a positive number.
 * @example
 * const backend = await loadKernel();
 * const moments = backend.createMoments(2);
 * moments.update({ data: Float64Array.of(1, 2, 3, 6), rows: 2, features: 2, rowStride: 2, featureStride: 1 });
 * moments.state().scatter; // Float64Array [2, 4, 8]
 */
export async function loadKernel(options: LoadKernelOptions = {}): Promise<WasmBackend> {
  const { maxMemory, module } = options;
  if (maxMemory !== undefined && !(maxMemory > 0)) {
    throw new ShapeError(`loadKernel: maxMemory must be a positive number of bytes, got ${maxMemory}`);
  }
  const kernel = await instantiateKernel(module);
  if (maxMemory !== undefined) kernel.limitMemory(maxMemory);
  return new WasmBackend(kernel);
}
