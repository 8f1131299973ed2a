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
  auto: () => shared("wasm").catch(insteadOfWasm),
  wasm: () => shared("wasm"),
  reference: () => shared("reference"),
};

/**
 * The backend of a device, loaded at the first call and shared by all later ones.
 *
 * @param caller - The public function that the user called, for errors.
 * @throws {BackendUnavailableError} If the device is unknown or cannot run here.
 */
export async function openDevice(caller: string, device: Device = "auto"): Promise<SyncBackend> {
  if (Object.hasOwn(DEVICES, device)) return DEVICES[device]();
  const known = Object.keys(DEVICES).join(", ");
  throw new BackendUnavailableError(`${caller}: device must be one of ${known}, got ${describe(device)}`);
}

const loading: Partial<Record<"wasm" | "reference", Promise<SyncBackend>>> = {};

function shared(name: "wasm" | "reference"): Promise<SyncBackend> {
  loading[name] ??= load(name).catch((error) => {
    // What failed once, out of memory say, may succeed later.
    delete loading[name];
    throw error;
  });
  return loading[name];
}

async function load(name: "wasm" | "reference"): Promise<SyncBackend> {
  if (name === "wasm") return loadKernel();
  const { referenceBackend } = await import("@delve/kernel/reference");
  return referenceBackend();
}

function insteadOfWasm(error: unknown): Promise<SyncBackend> {
  if (error instanceof BackendUnavailableError) return shared("reference");
  throw error;
}
