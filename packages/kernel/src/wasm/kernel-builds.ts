import type { Simd } from "./simd-support.js";
import type { WebAssemblyApi, WebAssemblyModule } from "./web-assembly.js";

/** The compiled module of a build. */
export type KernelBuild = (api: WebAssemblyApi) => Promise<WebAssemblyModule>;

/**
 * The builds that a platform can be given; every one has the plain build. Three files implement it; the import
 * condition behind `#kernel-builds` in package.json chooses: `kernel-builds-workerd.ts` and `kernel-builds-edge-light.ts`
 * where modules are compiled on deployment and compiling bytes is forbidden, `kernel-builds-embedded.ts` everywhere else.
 */
export type KernelBuilds = Readonly<Partial<Record<Simd, KernelBuild>> & Record<"plain", KernelBuild>>;
