import { expect, test, vi } from "vitest";
import { type Backend, BackendUnavailableError, openBackend, type WebGPUModule } from "./index.js";

const gpu = { name: "webgpu" } as Backend;
const device = {};

/** A module that has a GPU. */
const here = () => ({ openWebGPU: vi.fn<WebGPUModule["openWebGPU"]>(async () => gpu) });
/** One that fails. */
const failing = (error: Error) => ({ openWebGPU: () => Promise.reject(error) });

test("without a module, auto is the kernel", async () => {
  for (const options of [{}, { device: "auto" }, { device: "wasm" }] as const) {
    const backend = await openBackend("open", options);
    expect(backend.name).toBe("wasm");
    backend.dispose();
  }
});

test("auto takes a real GPU, for what is worth it", async () => {
  const webgpu = here();
  const asked = { software: false, smallPasses: "kernel", onDeviceLost: "kernel" };
  expect(await openBackend("open", { webgpu })).toBe(gpu);
  expect(webgpu.openWebGPU).toHaveBeenLastCalledWith(asked);
  expect(await openBackend("open", { webgpu }, device)).toBe(gpu);
  expect(webgpu.openWebGPU).toHaveBeenLastCalledWith({ ...asked, device });
});

test("auto takes the kernel where there is none, and hides nothing else", async () => {
  const none = new BackendUnavailableError("openWebGPU: WebGPU must have an adapter, got none");
  const backend = await openBackend("open", { webgpu: failing(none) });
  expect(backend.name).toBe("wasm");
  backend.dispose();
  await expect(openBackend("open", { webgpu: failing(new TypeError("broken")) })).rejects.toThrow("broken");
});

test("webgpu is a GPU or an error, for everything", async () => {
  const webgpu = here();
  expect(await openBackend("open", { device: "webgpu", webgpu }, device)).toBe(gpu);
  expect(webgpu.openWebGPU).toHaveBeenLastCalledWith({ device });
  const none = new BackendUnavailableError("openWebGPU: WebGPU must have an adapter, got none");
  await expect(openBackend("open", { device: "webgpu", webgpu: failing(none) })).rejects.toBe(none);
});

test("webgpu has to be handed in, and be it", async () => {
  const opening = openBackend("open", { device: "webgpu" });
  await expect(opening).rejects.toThrow(BackendUnavailableError);
  await expect(opening).rejects.toThrow(
    /^open: the device "webgpu" must come with the option webgpu \(import \* as webgpu from "@delve\/webgpu"\), got none$/,
  );
  const webgpu = {} as WebGPUModule;
  await expect(openBackend("open", { webgpu })).rejects.toThrow(
    /^open: webgpu must be the module @delve\/webgpu/,
  );
});

test("other modules are not asked", async () => {
  const webgpu = here();
  const backend = await openBackend("open", { device: "reference", webgpu });
  expect(backend.name).toBe("reference");
  expect(webgpu.openWebGPU).not.toHaveBeenCalled();
  await expect(openBackend("open", { device: "cuda:0" as "auto", webgpu })).rejects.toThrow(
    'open: device must be one of auto, wasm, reference, webgpu, got "cuda:0"',
  );
});
