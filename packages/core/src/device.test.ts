import { afterEach, expect, test, vi } from "vitest";

afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
  vi.resetModules();
});

test("auto falls back to the reference where WebAssembly is missing, wasm says so", async () => {
  vi.resetModules();
  vi.stubGlobal("WebAssembly", undefined);
  const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
  const { loadDelve, BackendUnavailableError } = await import("./index.js");
  const delve = await loadDelve();
  expect(delve.backend.name).toBe("reference");
  expect(
    delve.saturation([
      [1, 0],
      [-1, 0],
    ]),
  ).toBe(0.5);
  expect(warn).toHaveBeenCalledTimes(1);
  await expect(loadDelve({ device: "wasm" })).rejects.toThrow(BackendUnavailableError);
});

test("what failed once is tried again", async () => {
  vi.resetModules();
  vi.stubGlobal("WebAssembly", undefined);
  const { loadDelve } = await import("./index.js");
  await expect(loadDelve({ device: "wasm" })).rejects.toThrow();
  vi.unstubAllGlobals();
  expect((await loadDelve({ device: "wasm" })).backend.name).toBe("wasm");
});

test.each(["cuda:0", "__proto__", 7, null])("an unknown device is refused: %s", async (device) => {
  const { loadDelve, CovarianceMatrix, SaturationTracker, BackendUnavailableError } = await import(
    "./index.js"
  );
  const options = { device } as object;
  for (const open of [loadDelve, CovarianceMatrix.open, SaturationTracker.open]) {
    await expect(open(options)).rejects.toThrow(BackendUnavailableError);
    await expect(open(options)).rejects.toThrow(
      /: device must be one of auto, wasm, reference(, webgpu)?, got /,
    );
  }
});

test("a GPU is for trackers, and must be handed in", async () => {
  const { loadDelve, SaturationTracker, BackendUnavailableError } = await import("./index.js");
  const device = "webgpu" as "auto";
  await expect(loadDelve({ device })).rejects.toThrow(
    /^loadDelve: device must be one of auto, wasm, reference, got/,
  );
  const opening = SaturationTracker.open({ device });
  await expect(opening).rejects.toThrow(BackendUnavailableError);
  await expect(opening).rejects.toThrow(
    /^SaturationTracker.open: the device "webgpu" must come with .*got none$/,
  );
});

test("a tracker computes where the module that is handed in says", async () => {
  const { SaturationTracker, loadKernel } = await import("./index.js");
  const backend = await loadKernel();
  const createMoments = vi.spyOn(backend, "createMoments");
  const dispose = vi.spyOn(backend, "dispose");
  const tracker = await SaturationTracker.open({ webgpu: { openWebGPU: async () => backend } });
  tracker.record("a", [
    [1, 0],
    [0, 1],
  ]);
  expect(createMoments).toHaveBeenCalledWith(2);
  await tracker.close();
  expect(dispose).toHaveBeenCalled();
});

test("is loaded once and shared", async () => {
  const { loadDelve } = await import("./index.js");
  const [a, b] = await Promise.all([loadDelve(), loadDelve()]);
  expect(a.backend).toBe(b.backend);
});

test("a backend of one's own is used, and its memory is its owner's", async () => {
  const { loadDelve, loadKernel } = await import("./index.js");
  const backend = await loadKernel();
  expect((await loadDelve({ backend })).backend).toBe(backend);
});
