/// <reference types="@webgpu/types" />
import { openGpu } from "./software-gpu.js";

const opened: GPUDevice[] = [];

/** A device in software with all the memory that it can have. It lives until `destroyDevices`. */
export async function openDevice(): Promise<GPUDevice> {
  const adapter = (await openGpu().requestAdapter())!;
  const { maxBufferSize, maxStorageBufferBindingSize } = adapter.limits;
  const device = await adapter.requestDevice({
    requiredLimits: { maxBufferSize, maxStorageBufferBindingSize },
  });
  opened.push(device);
  return device;
}

/** Ends all devices of a test file. */
export function destroyDevices(): void {
  for (const device of opened.splice(0)) device.destroy();
}
