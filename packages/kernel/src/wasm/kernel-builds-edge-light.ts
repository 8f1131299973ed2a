import plain from "./kernel.wasm?module";
import type { KernelBuilds } from "./kernel-builds.js";
import relaxed from "./kernel-relaxed.wasm?module";

/** Vercel's edge: importing a Wasm file with `?module` gives a module that was compiled on deployment. */
export const kernelBuilds: KernelBuilds = { plain: async () => plain, relaxed: async () => relaxed };
