import plain from "./kernel.wasm";
import type { KernelBuilds } from "./kernel-builds.js";
import relaxed from "./kernel-relaxed.wasm";

/** Cloudflare Workers: importing a Wasm file gives a module that was compiled on deployment. */
export const kernelBuilds: KernelBuilds = { plain: async () => plain, relaxed: async () => relaxed };
