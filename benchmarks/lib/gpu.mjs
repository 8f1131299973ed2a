import { existsSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";

/** Where a GPU in software comes with Chromium. */
const SWIFTSHADER = join(process.env.DELVE_SWIFTSHADER ?? "/usr/lib/chromium", "vk_swiftshader_icd.json");

/**
 * The machine's GPU through the npm package `webgpu`; where there is none, one in software.
 *
 * @returns `gpu` (to be kept as long as its devices), `name`, `software`, and `openDevice` with all the memory that it
 * can have; `null` where there is nothing at all.
 */
export async function openGpu() {
  const dawn = await import("webgpu").catch(() => null);
  if (dawn === null) return null;
  Object.assign(globalThis, dawn.globals);
  const gpu = dawn.create([]);
  const adapter = await gpu.requestAdapter({ powerPreference: "high-performance" });
  if (adapter !== null) return describe(gpu, adapter);
  if (process.env.VK_DRIVER_FILES !== undefined || !existsSync(SWIFTSHADER)) return null;
  // A Vulkan loader reads it when it looks for drivers, which it does for every new instance.
  process.env.VK_DRIVER_FILES = SWIFTSHADER;
  const second = dawn.create([]);
  const imitation = await second.requestAdapter();
  return imitation && describe(second, imitation);
}

/** Whether the machine has a GPU that is one. */
export async function hasGpu() {
  const dawn = await import("webgpu").catch(() => null);
  const adapter = await dawn?.create([]).requestAdapter();
  return adapter?.info.isFallbackAdapter === false;
}

function describe(gpu, adapter) {
  const { vendor, architecture, device, description, isFallbackAdapter } = adapter.info;
  const name = [description || device, [vendor, architecture].filter(Boolean).join(" ")]
    .filter(Boolean)
    .join(", ");
  return { gpu, adapter, name, software: isFallbackAdapter === true, openDevice: () => openDevice(gpu) };
}

/** An adapter gives one device, so that each device has an adapter of its own. */
async function openDevice(gpu) {
  const adapter = await gpu.requestAdapter({ powerPreference: "high-performance" });
  const { maxBufferSize, maxStorageBufferBindingSize } = adapter.limits;
  return adapter.requestDevice({ requiredLimits: { maxBufferSize, maxStorageBufferBindingSize } });
}
