import { BackendUnavailableError, ShapeError } from "./errors.js";
import { instantiateKernel } from "./wasm/kernel-module.js";
import type { Simd } from "./wasm/simd-support.js";
import { WasmBackend } from "./wasm/wasm-backend.js";
import type { WebAssemblyModule } from "./wasm/web-assembly.js";

export interface LoadKernelOptions {
  /** Bytes beyond which the kernel's memory does not grow; 4 GiB by default, all that 32-bit Wasm can address. */
  readonly maxMemory?: number;
  /** Which build of the kernel to load; `auto`, the default, takes `relaxed` where the engine has it. */
  readonly simd?: "auto" | Simd;
  /** The kernel as a compiled `WebAssembly.Module`, for platforms that compile modules but no bytes; `simd` is ignored then. */
  readonly module?: WebAssemblyModule;
}

/**
 * The Wasm backend, ready for use. Needs no file, no network and no configuration: the kernel's bytes are part of
 * this package; the first call imports the build that the engine can run and compiles it.
 *
 * Every call makes an instance of its own, with its own memory, which `dispose` lets go; share one
 * backend among accumulators, or load several to keep their memory apart.
 *
 * @throws {BackendUnavailableError} If WebAssembly or the SIMD asked for is missing, `simd` is none of its values, or
 *   compiling is forbidden (by a CSP).
 * @throws {ShapeError} If `maxMemory` is not a positive number.
 * @example
 * const backend = await loadKernel();
 * const moments = backend.createMoments(2);
 * moments.update({ data: Float64Array.of(1, 2, 3, 6), rows: 2, features: 2, rowStride: 2, featureStride: 1 });
 * moments.state().scatter; // Float64Array [2, 4, 8]
 */
export async function loadKernel(options: LoadKernelOptions = {}): Promise<WasmBackend> {
  const { maxMemory, simd = "auto", module } = options;
  if (maxMemory !== undefined && !(maxMemory > 0)) {
    throw new ShapeError(`loadKernel: maxMemory must be a positive number of bytes, got ${maxMemory}`);
  }
  if (!["auto", "plain", "relaxed"].includes(simd)) {
    throw new BackendUnavailableError(
      `loadKernel: simd must be one of auto, plain, relaxed, got ${String(simd)}`,
    );
  }
  const kernel = await instantiateKernel(simd === "auto" ? undefined : simd, module);
  if (maxMemory !== undefined) kernel.limitMemory(maxMemory);
  return new WasmBackend(kernel);
}
