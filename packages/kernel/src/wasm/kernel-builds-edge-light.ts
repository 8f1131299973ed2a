import plain from "./kernel.wasm?module";
import type { KernelBuilds } from "./kernel-builds.js";

/**
 * Vercel's edge: importing a Wasm file with `?module` gives a module that was compiled on deployment. All files of a
 * function are compiled, asked for or not, and an engine without relaxed SIMD (Node 20, which runs such functions
 * locally) fails at it; so that there is the plain build only.
 */
export const kernelBuilds: KernelBuilds = { plain: async () => plain };
