import type { KernelExports } from "./kernel-exports.js";
import { KernelMemory } from "./kernel-memory.js";
import { Staging } from "./staging.js";

/** One instance of the kernel, as its backend and all of that backend's accumulators share it. */
export class KernelInstance {
  readonly kernel: KernelExports;
  readonly memory: KernelMemory;
  readonly staging: Staging;
  /** False once the backend has been disposed of. */
  alive = true;

  constructor(kernel: KernelExports) {
    this.kernel = kernel;
    this.memory = new KernelMemory(kernel);
    this.staging = new Staging(kernel, this.memory);
  }
}
