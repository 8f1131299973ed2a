/// <reference types="@webgpu/types" />
import { denseSamples, sampleMatrix, seededRandom } from "@delve/conformance";
import {
  BackendUnavailableError,
  covariance,
  loadKernel,
  type MomentsState,
  OutOfMemoryError,
  type SampleMatrix,
  type SyncBackend,
} from "@delve/kernel";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { EXACT } from "../src/exact-mode.js";
import { Gatherer } from "../src/gatherer.js";
import { openWebGPU } from "../src/index.js";
import { Workspace } from "../src/workspace.js";
import { changed } from "./changed-device.js";
import { destroyDevices, openDevice } from "./devices.js";
import { onGpu } from "./gpu-buffers.js";
import { normalisedError } from "./normalised-error.js";
import { describeWithGpu } from "./software-gpu.js";

// A GPU in software shares the processors with whatever else the machine does.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

const random = seededRandom(13);
const batch = (rows: number, features: number): SampleMatrix =>
  sampleMatrix(
    denseSamples(rows, features, (_, f) => f + random.normal(), true),
    true,
  );

/** A GPU object whose adapter hands out devices so. */
const gpuThat = (requestDevice: () => Promise<unknown>): object => ({
  requestAdapter: async () => ({ info: {}, limits: {}, requestDevice }),
});

describe("opening", () => {
  test.each([
    ["an adapter", { requestAdapter: () => Promise.reject(new Error("the driver has gone")) }],
    ["a device", gpuThat(() => Promise.reject(new Error("the driver has gone")))],
  ])("says so where %s cannot be had", async (_, gpu) => {
    const refused = openWebGPU({ gpu });
    await expect(refused).rejects.toThrow(BackendUnavailableError);
    await expect(refused).rejects.toThrow(/^openWebGPU: .*got "the driver has gone"$/);
  });

  test.each([
    [{ mode: "toString" }, "mode must be one of exact, fast, got toString"],
    [{ onDeviceLost: "wait" }, "onDeviceLost must be one of throw, kernel, got wait"],
    [{ smallPasses: "cpu" }, "smallPasses must be one of gpu, kernel, got cpu"],
  ])("refuses %o before anything is opened", async (options, message) => {
    const requestAdapter = vi.fn();
    const refused = openWebGPU({ gpu: { requestAdapter }, ...(options as object) });
    await expect(refused).rejects.toThrow(new RangeError(`openWebGPU: ${message}`));
    expect(requestAdapter).not.toHaveBeenCalled();
  });
});

describeWithGpu("what goes wrong on a device in software", () => {
  let kernel: SyncBackend;
  afterEach(() => void vi.restoreAllMocks());
  beforeAll(async () => {
    kernel = await loadKernel();
  });
  afterAll(() => {
    destroyDevices();
    kernel.dispose();
  });

  function expectHolds(state: MomentsState, batches: readonly SampleMatrix[]): void {
    using expected = kernel.createMoments(state.features);
    for (const each of batches) expected.update(each);
    expect(state.count).toBe(expected.count);
    expect(normalisedError(covariance(state), covariance(expected.state()))).toBeLessThanOrEqual(1e-11);
  }

  test("a device that is lost, or goes while it is tried, is refused", async () => {
    const gone = await openDevice();
    gone.destroy();
    await expect(openWebGPU({ device: gone, kernel })).rejects.toThrow(BackendUnavailableError);
    const going = await openDevice();
    const submit = (commands: GPUCommandBuffer[]) => {
      going.queue.submit(commands);
      going.destroy();
    };
    const queue = changed(going.queue as unknown as GPUDevice, { submit });
    const refused = openWebGPU({ device: changed(going, { queue }), kernel, products: "f32" });
    await expect(refused).rejects.toThrow(BackendUnavailableError);
  });

  test("a device of its own is given up where there is no kernel", async () => {
    const device = await openDevice();
    const gpu = gpuThat(async () => device);
    vi.resetModules();
    vi.doMock("@delve/kernel", async (original) => ({
      ...(await original<typeof import("@delve/kernel")>()),
      loadKernel: () => Promise.reject(new Error("no Wasm")),
    }));
    const fresh = await import("../src/index.js");
    vi.doUnmock("@delve/kernel");
    await expect(fresh.openWebGPU({ gpu, products: "f32", software: true })).rejects.toThrow("no Wasm");
    expect((await device.lost).reason).toBe("destroyed");
  });

  test("no memory to cut float64 samples is an error, no sample is lost, and no error scope is left open", async () => {
    const device = await openDevice();
    using backend = await openWebGPU({ device, kernel, products: "f32" });
    using moments = backend.createMoments(3);
    const samples = { ...batch(20, 3), data: Float64Array.from(batch(20, 3).data) };
    moments.update(samples);
    vi.spyOn(EXACT, "cut").mockImplementationOnce(() => {
      throw new RangeError("Array buffer allocation failed");
    });
    await expect(moments.state()).rejects.toThrow(OutOfMemoryError);
    expectHolds(await moments.state(), [samples]);
    await expect(device.popErrorScope()).rejects.toThrow();
  });

  /** The device; buffers of the name that is given later on cannot be used. */
  async function deviceWithoutMemory(): Promise<{
    device: GPUDevice;
    lacks: Set<string>;
    living: Set<GPUBuffer>;
  }> {
    const device = await openDevice();
    const { createBuffer } = device;
    const [lacks, living] = [new Set<string>(), new Set<GPUBuffer>()];
    device.createBuffer = (descriptor) => {
      const buffer = createBuffer.call(device, descriptor);
      const destroy = buffer.destroy.bind(buffer);
      living.add(buffer);
      buffer.destroy = () => {
        living.delete(buffer);
        return destroy();
      };
      // To be used in no submission, as one that there was no memory for.
      if (lacks.has(descriptor.label ?? "")) destroy();
      return buffer;
    };
    return { device, lacks, living };
  }

  test.each([false, true])(
    "memory for rows that is no good is not used again, when full: %s",
    async (full) => {
      const { device, lacks, living } = await deviceWithoutMemory();
      const backend = await openWebGPU({ device, kernel, products: "f32" });
      using moments = backend.createMoments(3);
      vi.spyOn(Gatherer.prototype, "isFull", "get").mockReturnValue(full);
      const samples = batch(20, 3);
      const given = onGpu(device, samples);
      lacks.add("delve gathered");
      moments.updateGpu(given);
      await expect(moments.state()).rejects.toThrow(/^updateGpu: /);
      lacks.clear();
      for (let k = 0; k < 3; k++) moments.updateGpu(given);
      expectHolds(await moments.state(), [samples, samples, samples]);
      backend.dispose();
      expect([...living].map(({ label }) => label).filter((label) => label.startsWith("delve"))).toEqual([]);
    },
  );

  test("a bad batch whose end there is no memory for does not spoil the next", async () => {
    const { device, lacks } = await deviceWithoutMemory();
    using backend = await openWebGPU({ device, kernel, products: "f32" });
    using moments = backend.createMoments(1);
    const bad = batch(20_000, 1);
    bad.data[5] = Number.NaN;
    const good = batch(30, 1);
    const source = onGpu(device, bad);
    const { createBuffer } = device;
    device.createBuffer = (descriptor) => {
      const buffer = createBuffer.call(device, descriptor);
      if (descriptor.label === "delve gathered") lacks.add("delve gathered");
      return buffer;
    };
    moments.updateGpu(source);
    await expect(moments.state()).rejects.toThrow(/^updateGpu: .*destroyed/);
    device.createBuffer = createBuffer;
    lacks.clear();
    moments.updateGpu(onGpu(device, good));
    expectHolds(await moments.state(), [good]);
  });

  test("a block of more rows than 32 bits can count is one block", async () => {
    const device = await openDevice();
    using backend = await openWebGPU({ device, kernel, products: "f32" });
    using moments = backend.createMoments(3);
    const samples = batch(20, 3);
    moments.updateGpu({ ...onGpu(device, samples), blockRows: 2 ** 32, blockStride: 7 });
    expectHolds(await moments.state(), [samples]);
  });

  test("means that hardly vary have no negative variance, and the bound says how little is known", async () => {
    const device = await openDevice();
    using backend = await openWebGPU({ device, kernel, mode: "fast" });
    using moments = backend.createMoments(4);
    const [samples, count] = [300, 2];
    // Means that lie on both sides of a power of two, which their leading digits cannot tell from one another.
    const data = Float32Array.from({ length: samples * 4 * count }, (_, at) =>
      at % count === 0 ? 1 : 2 ** -(34 + 3 * ((at >> 1) % 4)) * random.normal(),
    );
    const pool = { method: "mean", count, stride: 1 } as const;
    const view = { rows: samples, features: 4, rowStride: 8, featureStride: 2 };
    moments.updateGpu({ ...onGpu(device, { ...view, data }), pool });
    const state = await moments.state();
    const means = Float64Array.from(
      { length: samples * 4 },
      (_, at) => (data[2 * at]! + data[2 * at + 1]!) / 2,
    );
    using expected = kernel.createMoments(4);
    expected.update({ data: means, rows: samples, features: 4, rowStride: 4, featureStride: 1 });
    const { order, upper } = covariance(state);
    for (let i = 0; i < order; i++) {
      expect(upper[i * order - (i * (i - 1)) / 2]).toBeGreaterThanOrEqual(0);
    }
    const error = normalisedError(covariance(state), covariance(expected.state()));
    expect(error).toBeLessThanOrEqual(moments.errorBound);
  });
});

describe("results that there is no memory for", () => {
  test("leave no buffer behind", async () => {
    const destroy = vi.fn();
    const device = { createBuffer: () => ({ destroy: () => {} }) } as unknown as GPUDevice;
    const workspace = new Workspace(device);
    const buffer = {
      destroy,
      mapAsync: async () => {},
      getMappedRange: () => {
        throw new RangeError("Array buffer allocation failed");
      },
    } as unknown as GPUBuffer;
    await expect(workspace.read(buffer, 8)).rejects.toThrow(RangeError);
    expect(destroy).toHaveBeenCalledOnce();
    workspace.dispose();
  });
});
