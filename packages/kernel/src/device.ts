import type { SyncBackend } from "./backend.js";
import { BackendUnavailableError } from "./errors.js";
import { loadKernel } from "./load.js";

/**
 * What carries the arithmetic: `wasm` is the SIMD kernel, `reference` the same in plain TypeScript, many times
 * slower; `auto` takes the kernel, and the reference where WebAssembly is forbidden or has no SIMD, which it says once
 * on the console.
 */
export type Device = "auto" | "wasm" | "reference";

const DEVICES: Record<Device, (caller: string) => Promise<SyncBackend>> = {
  auto: (caller) => loadKernel().catch((error: unknown) => insteadOfKernel(caller, error)),
  wasm: () => loadKernel(),
  reference,
};

/**
 * A backend of the device, with memory of its own, to be disposed by the caller.
 *
 * @param caller - The public function that the user called, for errors.
 * @param others - Devices that the caller knows besides; the error has them in its list.
 * @throws {BackendUnavailableError} If the device is unknown or cannot run here.
 * @example
 * const backend = await openDevice("myFunction", "reference");
 * backend.name; // "reference"
 * backend.dispose();
 * await openDevice("myFunction", "cuda:0"); // throws BackendUnavailableError
 */
export async function openDevice(
  caller: string,
  device: Device = "auto",
  others: readonly string[] = [],
): Promise<SyncBackend> {
  if (Object.hasOwn(DEVICES, device)) return DEVICES[device](caller);
  const known = [...Object.keys(DEVICES), ...others].join(", ");
  const got = typeof device === "string" ? JSON.stringify(device) : String(device);
  throw new BackendUnavailableError(`${caller}: device must be one of ${known}, got ${got}`);
}

/** Loaded only where it is asked for: a bundle with the kernel need not carry both. */
async function reference(): Promise<SyncBackend> {
  const { referenceBackend } = await import("./reference.js");
  return referenceBackend();
}

let warned = false;

function insteadOfKernel(caller: string, error: unknown): Promise<SyncBackend> {
  if (!(error instanceof BackendUnavailableError)) throw error;
  if (!warned) {
    console.warn(
      `delve: ${caller} computes without WebAssembly, many times slower (device: "reference" does so without this ` +
        `warning). ${error.message}`,
    );
  }
  warned = true;
  return reference();
}
