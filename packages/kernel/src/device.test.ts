import { afterEach, expect, test, vi } from "vitest";
import { BackendUnavailableError } from "./errors.js";
import { type Device, openDevice } from "./index.js";

afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
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

test("where WebAssembly is missing, auto takes the reference and warns once; wasm says so", async () => {
  vi.resetModules();
  vi.stubGlobal("WebAssembly", undefined);
  const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
  const fresh = await import("./index.js");
  expect((await fresh.openDevice("saturation", "auto")).name).toBe("reference");
  expect((await fresh.openDevice("covariance", "auto")).name).toBe("reference");
  expect(warn.mock.calls).toEqual([
    [
      'delve: saturation computes without WebAssembly, many times slower (device: "reference" does so without this ' +
        "warning). loadKernel: needs WebAssembly, got a platform without it; @delve/kernel/reference runs without",
    ],
  ]);
  await expect(fresh.openDevice("test", "wasm")).rejects.toThrow(fresh.BackendUnavailableError);
});

test("the reference that is asked for, and the kernel where it runs, come without a word", async () => {
  const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
  for (const device of ["reference", "wasm", "auto"] as const) (await openDevice("test", device)).dispose();
  expect(warn).not.toHaveBeenCalled();
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
