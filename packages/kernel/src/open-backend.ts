import type { Backend } from "./backend.js";
import { type Device, openDevice } from "./device.js";
import { BackendUnavailableError } from "./errors.js";

/**
 * Where a tracker computes. `webgpu` is a GPU; `auto` a GPU where `webgpu` has been handed in and there is a real one,
 * for as much as is worth the way to it, and the Wasm kernel for all else; `wasm` and `reference` as in `Device`.
 */
export type TrackerDevice = Device | "webgpu";

/** What of `@delve/webgpu` opens a backend: the module itself, or an object that calls it with options of one's own. */
export interface WebGPUModule {
  openWebGPU(options: WebGPURequest): Promise<Backend>;
}

/** What is asked of a GPU; options of `openWebGPU`. */
export interface WebGPURequest {
  /** The GPUDevice that a framework computes on, to be shared. */
  readonly device?: object;
  /** False: not a device that imitates a GPU in software. */
  readonly software?: false;
  /** "kernel": samples that are too few, or too narrow, for a GPU to be worth it go to the kernel. */
  readonly smallPasses?: "gpu" | "kernel";
  /** "kernel": if the device is lost, the kernel goes on alone. */
  readonly onDeviceLost?: "throw" | "kernel";
}

/** The ways to say where a tracker computes. */
export interface BackendOptions {
  /** `auto` when left out. */
  readonly device?: TrackerDevice | undefined;
  /** `import * as webgpu from "@delve/webgpu"`: lets `auto` take a GPU; needed for the device `webgpu`. */
  readonly webgpu?: WebGPUModule | undefined;
  /** A backend of one's own instead of a device. It is not disposed. */
  readonly backend?: Backend | undefined;
}

/**
 * A backend of the device, to be disposed by the caller.
 *
 * @param caller - The public function that the user called, for errors.
 * @param gpuDevice - The GPUDevice that the network computes on, if it does on one: sharing it, the backend takes
 *   activations where they lie.
 * @throws {BackendUnavailableError} If the device is unknown, cannot run here, or is `webgpu` and nothing was handed in.
 * @example
 * const backend = await openBackend("myFunction", { device: "wasm" });
 * backend.name; // "wasm"
 * backend.dispose();
 */
export async function openBackend(
  caller: string,
  { device = "auto", webgpu }: BackendOptions,
  gpuDevice?: object,
): Promise<Backend> {
  if (webgpu !== undefined && typeof webgpu?.openWebGPU !== "function") {
    throw new TypeError(`${caller}: webgpu must be the module @delve/webgpu, got something else`);
  }
  const shared = gpuDevice === undefined ? {} : { device: gpuDevice };
  if (device === "webgpu") {
    if (webgpu !== undefined) return webgpu.openWebGPU(shared);
    throw new BackendUnavailableError(
      `${caller}: the device "webgpu" must come with the option webgpu (import * as webgpu from "@delve/webgpu"), got none`,
    );
  }
  if (device === "auto" && webgpu !== undefined) {
    const onlyWhereWorth = { software: false, smallPasses: "kernel", onDeviceLost: "kernel" } as const;
    const backend = await webgpu.openWebGPU({ ...shared, ...onlyWhereWorth }).catch(nullIfUnavailable);
    if (backend !== null) return backend;
  }
  return openDevice(caller, device, ["webgpu"]);
}

function nullIfUnavailable(error: unknown): null {
  if (error instanceof BackendUnavailableError) return null;
  throw error;
}
