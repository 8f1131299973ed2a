import { afterEach, expect, test, vi } from "vitest";
import { BackendUnavailableError } from "./errors.js";
import { type Device, openDevice } from "./index.js";

afterEach(() => {
  vi.unstubAllGlobals();
  vi.resetModules();
});

test.each([
  ["auto", "wasm"],
  ["wasm", "wasm"],
  ["reference", "reference"],
  [undefined, "wasm"],
] as const)("device %s opens the backend %s", async (device, name) => {
  using backend = await openDevice("test", device);
  expect(backend.name).toBe(name);
});

test("where WebAssembly is missing, auto takes the reference and wasm says so", async () => {
  vi.resetModules();
  vi.stubGlobal("WebAssembly", undefined);
  const fresh = await import("./index.js");
  expect((await fresh.openDevice("test", "auto")).name).toBe("reference");
  await expect(fresh.openDevice("test", "wasm")).rejects.toThrow(fresh.BackendUnavailableError);
});

test.each(["webgpu", "cuda:0", "__proto__", 7, null])("an unknown device is refused: %s", async (device) => {
  const opening = openDevice("open", device as Device);
  await expect(opening).rejects.toThrow(BackendUnavailableError);
  await expect(opening).rejects.toThrow(/^open: device must be one of auto, wasm, reference, got /);
});

test("every backend has memory of its own", async () => {
  using first = await openDevice("test");
  using second = await openDevice("test");
  expect(first).not.toBe(second);
});
