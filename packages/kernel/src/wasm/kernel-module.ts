import { kernelBuilds } from "#kernel-builds";
import { BackendUnavailableError } from "../errors.js";
import type { KernelExports } from "./kernel-exports.js";
import { fastestSimd, keepsLoadsInPlace, type Simd, supportsSimd } from "./simd-support.js";
import { warmUp } from "./warm-up.js";
import { type WebAssemblyApi, type WebAssemblyModule, webAssembly } from "./web-assembly.js";

const compiled = new Map<Simd, Promise<WebAssemblyModule>>();
/** Instances of a module share its code, so the first one's warm-up serves them all. */
const warm = new WeakSet<WebAssemblyModule>();

/**
 * A new instance of the kernel, with memory of its own. Each build is compiled once and kept.
 *
 * @param simd - The build; the fastest that the engine can run when left out.
 * @param module - The kernel, already compiled, where the platform forbids compiling bytes.
 * @throws {BackendUnavailableError} If WebAssembly or its SIMD is missing, or compiling is forbidden.
 */
export async function instantiateKernel(simd?: Simd, module?: WebAssemblyModule): Promise<KernelExports> {
  const api = webAssembly();
  if (api === undefined) throw unavailable("WebAssembly", "a platform without it");
  try {
    const code = module ?? (await compileOnce(api, chooseBuild(api, simd)));
    const kernel = (await api.instantiate(code)).exports as KernelExports;
    kernel.useWideTiles(keepsLoadsInPlace());
    if (!warm.has(code)) warmUp(kernel);
    warm.add(code);
    return kernel;
  } catch (error) {
    if (error instanceof BackendUnavailableError) throw error;
    throw refused(error);
  }
}

function chooseBuild(api: WebAssemblyApi, wanted: Simd | undefined): Simd {
  const simd = wanted ?? fastestSimd(api, Object.keys(kernelBuilds) as Simd[]);
  if (simd !== undefined && supportsSimd(api, simd)) return simd;
  const need = simd === "relaxed" ? "relaxed SIMD" : "128-bit SIMD";
  throw unavailable(`WebAssembly with ${need}`, "an engine that lacks it");
}

/** A failed attempt is forgotten, so that the next call tries again. */
function compileOnce(api: WebAssemblyApi, simd: Simd): Promise<WebAssemblyModule> {
  const known = compiled.get(simd);
  if (known !== undefined) return known;
  const build = kernelBuilds[simd];
  if (build === undefined) throw unavailable(`the build ${simd}`, "a platform for which there is none");
  const compiling = build(api);
  compiled.set(simd, compiling);
  compiling.catch(() => compiled.delete(simd));
  return compiling;
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
