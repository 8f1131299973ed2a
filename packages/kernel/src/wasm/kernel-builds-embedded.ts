import { decodeBase64 } from "./base64.js";
import type { KernelBuilds } from "./kernel-builds.js";

/**
 * Compiled from bytes inside the package's own modules, which every runtime and bundler loads with nothing configured.
 * A module of its own each, so that only the build which runs is loaded.
 */
export const kernelBuilds: KernelBuilds = {
  plain: async (api) => {
    const { kernelBase64 } = await import("./kernel-simd.generated.js");
    return api.compile(decodeBase64(kernelBase64));
  },
  relaxed: async (api) => {
    const { kernelBase64 } = await import("./kernel-relaxed-simd.generated.js");
    return api.compile(decodeBase64(kernelBase64));
  },
};
