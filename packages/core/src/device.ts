import { type Backend, BackendUnavailableError, loadKernel, type SyncBackend } from "@delve/kernel";
import { describe } from "./input/numbers.js";

/**
 * What carries the arithmetic: `wasm` is the SIMD kernel, `reference` the same in plain TypeScript, many times
 * slower; `auto` takes the kernel, and the reference where WebAssembly is forbidden or has no SIMD.
 */
export type Device = "auto" | "wasm" | "reference";

/** Where to compute: on a device by its name, or on a backend of one's own, which is not disposed. */
export interface DeviceOptions {
  /** `auto` when left out. */
  readonly device?: Device | undefined;
  readonly backend?: Backend | undefined;
}

const DEVICES: Record<Device, () => Promise<SyncBackend>> = {
  auto: () => loadKernel().catch(insteadOfKernel),
  wasm: loadKernel,
  reference,
};

/**
 * A backend of the device with memory of its own, to be disposed by the caller.
 *
 * @param caller - The public function that the user called, for errors.
 * @throws {BackendUnavailableError} If the device is unknown or cannot run here.
 */
export async function openDevice(caller: string, device: Device = "auto"): Promise<SyncBackend> {
  if (Object.hasOwn(DEVICES, device)) return DEVICES[device]();
  const known = Object.keys(DEVICES).join(", ");
  throw new BackendUnavailableError(`${caller}: device must be one of ${known}, got ${describe(device)}`);
}

const shared = new Map<Device, Promise<SyncBackend>>();

/**
 * The one backend of the device that everything shares which does not ask for its own. Never disposed.
 *
 * @param caller - The public function that the user called, for errors.
 * @throws {BackendUnavailableError} If the device is unknown or cannot run here.
 */
export function sharedDevice(caller: string, device: Device = "auto"): Promise<SyncBackend> {
  const known = shared.get(device);
  if (known !== undefined) return known;
  const opening = openDevice(caller, device);
  shared.set(device, opening);
  // What failed once may succeed later, and its message names another caller then.
  opening.catch(() => shared.delete(device));
  return opening;
}

async function reference(): Promise<SyncBackend> {
  const { referenceBackend } = await import("@delve/kernel/reference");
  return referenceBackend();
}

function insteadOfKernel(error: unknown): Promise<SyncBackend> {
  if (error instanceof BackendUnavailableError) return reference();
  throw error;
}
