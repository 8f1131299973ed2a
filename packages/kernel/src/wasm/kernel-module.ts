import { BackendUnavailableError } from "../errors.js";
import { kernelBase64 } from "./kernel.generated.js";
import type { KernelExports } from "./kernel-exports.js";
import { decodeBase64, type WebAssemblyApi, type WebAssemblyModule, webAssembly } from "./web-assembly.js";

let compiled: Promise<WebAssemblyModule> | undefined;

/**
 * A new instance of the kernel, with memory of its own. The module is compiled once and kept.
 *
 * @param module - The kernel, already compiled, where the platform forbids compiling bytes.
 * @throws {BackendUnavailableError} If WebAssembly or its SIMD is missing, or compiling is forbidden.
 */
export async function instantiateKernel(module?: WebAssemblyModule): Promise<KernelExports> {
  const api = webAssembly();
  if (api === undefined) throw unavailable("WebAssembly", "a platform without it");
  try {
    const instance = await api.instantiate(module ?? (await compileOnce(api)));
    return instance.exports as KernelExports;
  } catch (error) {
    if (error instanceof BackendUnavailableError) throw error;
    throw refused(error);
  }
}

/** A failed attempt is forgotten, so that the next call tries again. */
function compileOnce(api: WebAssemblyApi): Promise<WebAssemblyModule> {
  compiled ??= compile(api).catch((error: unknown) => {
    compiled = undefined;
    throw error;
  });
  return compiled;
}

async function compile(api: WebAssemblyApi): Promise<WebAssemblyModule> {
  const bytes = decodeBase64(kernelBase64);
  if (!api.validate(bytes)) throw unavailable("WebAssembly with 128-bit SIMD", "an engine that lacks it");
  return api.compile(bytes);
}

function unavailable(need: string, got: string): BackendUnavailableError {
  return new BackendUnavailableError(
    `loadKernel: needs ${need}, got ${got}; @delve/kernel/reference runs without`,
  );
}

function refused(cause: unknown): BackendUnavailableError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new BackendUnavailableError(
    "loadKernel: the platform must allow WebAssembly to be compiled and instantiated (a Content-Security-Policy does " +
      `with 'wasm-unsafe-eval'), got ${reason}; @delve/kernel/reference runs without`,
    { cause },
  );
}
