import { type Backend, type Device, openDevice, type SyncBackend } from "@delve/kernel";

/** Where to compute: on a device by its name, or on a backend of one's own, which is not disposed. */
export interface DeviceOptions {
  /** `auto` when left out. */
  readonly device?: Device | undefined;
  readonly backend?: Backend | undefined;
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
