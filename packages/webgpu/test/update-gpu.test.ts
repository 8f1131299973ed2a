/// <reference types="@webgpu/types" />
import {
  type DenseSamples,
  denseSamples,
  LAYOUTS,
  propertyRuns,
  sampleMatrix,
  seededRandom,
} from "@delve/conformance";
import {
  loadKernel,
  type MomentsState,
  NonFiniteError,
  OutOfMemoryError,
  type SampleMatrix,
  ShapeError,
} from "@delve/kernel";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { Gatherer } from "../src/gatherer.js";
import { openWebGPU, type WebGPUBackend } from "../src/index.js";
import { changed } from "./changed-device.js";
import { COPY_SRC, countMappedBytes, gpuValues, onGpu } from "./gpu-buffers.js";
import { HARD, hardSamples } from "./samples.js";
import { describeWithGpu, openGpu } from "./software-gpu.js";

const random = seededRandom(5);
const normal = (rows: number, features: number): DenseSamples =>
  denseSamples(rows, features, (_, f) => f + random.normal(), true);

/** What is wrong with the state of some samples: |ΔC_ij| / √(C_ii·C_jj) at most. */
function expectSame(actual: MomentsState, expected: MomentsState, bound = 1e-11): void {
  expect(actual.count).toBe(expected.count);
  const { features } = expected;
  const diagonal = (i: number) => expected.scatter[i * features - (i * (i - 1)) / 2]!;
  for (let i = 0, p = 0; i < features; i++) {
    const mean = (state: MomentsState) => state.shift[i]! + state.offset[i]!;
    const spread = Math.sqrt(diagonal(i) / Math.max(expected.count, 1));
    expect(Math.abs(mean(actual) - mean(expected))).toBeLessThanOrEqual(
      bound * spread + 1e-15 * Math.abs(mean(expected)),
    );
    for (let j = i; j < features; j++, p++) {
      const scale = Math.sqrt(diagonal(i)) * Math.sqrt(diagonal(j));
      expect(Math.abs(actual.scatter[p]! - expected.scatter[p]!)).toBeLessThanOrEqual(bound * scale);
    }
  }
}

describeWithGpu("samples in buffers of the device", () => {
  let device: GPUDevice;
  let backend: WebGPUBackend;
  let kernel: Awaited<ReturnType<typeof loadKernel>>;

  const openDevice = async (): Promise<GPUDevice> => (await openGpu().requestAdapter())!.requestDevice();

  beforeAll(async () => {
    kernel = await loadKernel();
    device = await openDevice();
    backend = await openWebGPU({ device, gpu: openGpu(), kernel });
  });
  afterAll(() => {
    backend.dispose();
    device.destroy();
    kernel.dispose();
  });

  function kernelState(...batches: readonly SampleMatrix[]): MomentsState {
    using moments = kernel.createMoments(batches[0]!.features);
    for (const batch of batches) moments.update(batch);
    return moments.state();
  }

  test("the backend says whose they are", () => {
    expect(backend.gpuDevice).toBe(device);
  });

  test.each(LAYOUTS)("are read in place: $name", async (layout) => {
    const samples = normal(23, 7);
    const view = layout.of(samples, true);
    using moments = backend.createMoments(7);
    // Neither at a place that a binding could begin at, nor to the end of the buffer.
    moments.updateGpu(onGpu(device, view, { before: 260, after: 12 }));
    expect(moments.count).toBe(23);
    expectSame(await moments.state(), kernelState(view));
  });

  test.each(Object.keys(HARD))("give the bits of the same samples in memory: %s", async (name) => {
    const view = sampleMatrix(hardSamples(name, 70, 5, seededRandom(7)), true);
    using onDevice = backend.createMoments(5);
    using inMemory = backend.createMoments(5);
    onDevice.updateGpu(onGpu(device, view));
    inMemory.update(view);
    expect(await onDevice.state()).toEqual(await inMemory.state());
    expect(onDevice.errorBound).toBe(inMemory.errorBound);
  });

  test("and in memory, in any order and number", () =>
    fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 40 }),
        fc.array(fc.tuple(fc.integer({ min: 0, max: 300 }), fc.boolean(), fc.boolean()), { maxLength: 6 }),
        async (features, batches) => {
          using moments = backend.createMoments(features);
          const views = batches.map(([rows]) => sampleMatrix(normal(rows, features), true));
          for (const [k, [, isOnGpu, single]] of batches.entries()) {
            const view = views[k]!;
            if (isOnGpu) moments.updateGpu(onGpu(device, view));
            else moments.update(single ? view : { ...view, data: Float64Array.from(view.data) });
          }
          const none = { data: new Float32Array(0), rows: 0, features, rowStride: 1, featureStride: 1 };
          expectSame(await moments.state(), kernelState(none, ...views));
        },
      ),
      { numRuns: propertyRuns(12) },
    ));

  test("more than a pass takes, and more than one waits for", async () => {
    const view = sampleMatrix(normal(40_000, 2), true);
    using moments = backend.createMoments(2);
    moments.updateGpu(onGpu(device, sampleMatrix(normal(3, 2), true)));
    moments.reset();
    moments.updateGpu(onGpu(device, view));
    expectSame(await moments.state(), kernelState(view));
  });

  test("have been copied when the call returns, and may be overwritten or destroyed", async () => {
    const view = sampleMatrix(normal(50, 3), true);
    using moments = backend.createMoments(3);
    const { data, ...rest } = onGpu(device, view);
    moments.updateGpu({ data, ...rest });
    device.queue.writeBuffer(data.buffer, 0, new Float32Array(150).fill(7));
    data.buffer.destroy();
    expectSame(await moments.state(), kernelState(view));
  });

  test("are copied where they cannot be bound", async () => {
    const view = sampleMatrix(normal(50, 3), true);
    using moments = backend.createMoments(3);
    moments.updateGpu(onGpu(device, view, { usage: COPY_SRC, before: 8 }));
    expectSame(await moments.state(), kernelState(view));
  });

  test("of many features are summed in runs, as a narrow binding has it", async () => {
    const limits = { maxStorageBufferBindingSize: 60_000, minStorageBufferOffsetAlignment: 256 };
    const narrow = changed(device, { limits });
    using shared = await openWebGPU({ device: narrow, gpu: openGpu(), kernel });
    using moments = shared.createMoments(70);
    using whole = backend.createMoments(70);
    const views = [30, 30, 20].map((rows) => sampleMatrix(normal(rows, 70), true));
    for (const view of views) {
      const samples = onGpu(device, view);
      moments.updateGpu({ ...samples, data: { ...samples.data, device: narrow } });
      whole.updateGpu(samples);
    }
    expectSame(await moments.state(), kernelState(...views));
    expectSame(await whole.state(), kernelState(...views));
  });

  test("are taken in the mode fast, too", async () => {
    using shared = await openWebGPU({ device, gpu: openGpu(), kernel, mode: "fast" });
    using moments = shared.createMoments(5);
    const [good, bad] = [sampleMatrix(normal(200, 5), true), sampleMatrix(normal(200, 5), true)];
    bad.data[7] = Number.NaN;
    for (const view of [good, bad, good]) moments.updateGpu(onGpu(device, view));
    await expect(moments.state()).rejects.toThrow(/got NaN at row 1, feature 2$/);
    expectSame(await moments.state(), kernelState(good, good), 1e-5);
  });

  test("never leave the device: what is read back are results", async () => {
    const own = await openDevice();
    using shared = await openWebGPU({ device: own, gpu: openGpu(), kernel });
    const mapped = countMappedBytes(own);
    using moments = shared.createMoments(8);
    const views = Array.from({ length: 100 }, () => sampleMatrix(normal(20, 8), true));
    for (const view of views) moments.updateGpu(onGpu(own, view));
    expectSame(await moments.state(), kernelState(...views));
    // One pass: a tile of sums of 96 bits, four words a column, four of the tally; the samples are 64 000 bytes.
    expect(mapped.bytes).toBe(32 * 32 * 12 + 8 * 16 + 16);
    mapped.restore();
    own.destroy();
  });

  test.each([
    ["NaN", Number.NaN, 17, 2],
    ["infinity", Number.POSITIVE_INFINITY, 0, 0],
    ["negative infinity", Number.NEGATIVE_INFINITY, 29, 4],
  ])("with %s are refused by the next state, and nothing else is", async (_, value, row, feature) => {
    const good = [normal(30, 5), normal(20, 5)].map((samples) => sampleMatrix(samples, true));
    const bad = sampleMatrix(normal(30, 5), true);
    bad.data[row * 5 + feature] = value;
    bad.data.fill(value, 29 * 5 + 4);
    using moments = backend.createMoments(5);
    for (const view of [good[0]!, bad, bad, good[1]!]) moments.updateGpu(onGpu(device, view));
    const message = `updateGpu: samples must be finite and at most 1e+150 in magnitude, got ${value} at row ${row}, feature ${feature}`;
    const error = await moments.state().then(
      () => null,
      (error: unknown) => error,
    );
    expect(error).toBeInstanceOf(NonFiniteError);
    expect(error).toMatchObject({ message, row, feature, value });
    expect(moments.count).toBe(50);
    expectSame(await moments.state(), kernelState(...good));
    moments.updateGpu(onGpu(device, good[0]!));
    expectSame(await moments.state(), kernelState(...good, good[0]!));
  });

  test("of many passes are refused as a whole", async () => {
    const good = sampleMatrix(normal(500, 2), true);
    const bad = sampleMatrix(normal(40_000, 2), true);
    bad.data[2 * 39_000 + 1] = Number.NaN;
    using moments = backend.createMoments(2);
    for (const view of [good, bad, good]) moments.updateGpu(onGpu(device, view));
    await expect(moments.state()).rejects.toThrow(/got NaN at row 39000, feature 1$/);
    expectSame(await moments.state(), kernelState(good, good));
  });

  test("alone, and bad, leave no samples", async () => {
    using moments = backend.createMoments(2);
    moments.updateGpu(
      onGpu(
        device,
        sampleMatrix(
          denseSamples(3, 2, () => Number.NaN),
          true,
        ),
      ),
    );
    await expect(moments.state()).rejects.toThrow(NonFiniteError);
    expect(await moments.state()).toMatchObject({ count: 0, scatter: new Float64Array(3) });
    expect(moments.errorBound).toBe(0);
  });

  test("that do not fit are refused at once", async () => {
    const view = sampleMatrix(normal(4, 3), true);
    const good = onGpu(device, view);
    const foreign = await openDevice();
    using moments = backend.createMoments(3);
    const refused = (change: object, values: object = {}) =>
      expect(() => moments.updateGpu({ ...good, ...change, data: { ...good.data, ...values } }));
    refused({}, { device: foreign }).toThrow(/^updateGpu: .*own device, got one of another/);
    refused({}, { device: {} }).toThrow(TypeError);
    refused({}, { buffer: {} }).toThrow(/^updateGpu: buffer must be a GPUBuffer/);
    refused({}, gpuValues(device, view.data, { usage: 0 })).toThrow(/usage STORAGE or COPY_SRC, got usage 8/);
    refused({ features: 2 }).toThrow(/^updateGpu: needs samples of 3 features, got 2/);
    refused({ rows: 5 }).toThrow(/^updateGpu: the view must lie inside its data of 12 values/);
    refused({}, { byteLength: 52 }).toThrow(
      /^updateGpu: the values must be .* inside the buffer of 48 bytes/,
    );
    refused({}, { byteOffset: 2, byteLength: 44 }).toThrow(ShapeError);
    refused({}, { byteOffset: -4 }).toThrow(ShapeError);
    refused({}, { byteOffset: Number.NaN }).toThrow(ShapeError);
    expect(moments.count).toBe(0);
    foreign.destroy();
  });

  test("of another device than they say, or destroyed, are refused by the next state", async () => {
    const view = sampleMatrix(normal(4, 3), true);
    const foreign = await openDevice();
    const good = onGpu(device, view);
    const gone = onGpu(device, view);
    gone.data.buffer.destroy();
    using moments = backend.createMoments(3);
    for (const bad of [{ ...good, data: { ...onGpu(foreign, view).data, device } }, gone]) {
      moments.updateGpu(good);
      moments.updateGpu(bad);
      await expect(moments.state()).rejects.toThrow(/^updateGpu: the buffer must be one of the backend's/);
    }
    expect(moments.count).toBe(8);
    expectSame(await moments.state(), kernelState(view, view));
    foreign.destroy();
  });

  test("that were only on a device which is lost are counted, and all else is kept", async () => {
    const own = await openDevice();
    using shared = await openWebGPU({ device: own, gpu: openGpu(), kernel, onDeviceLost: "kernel" });
    using moments = shared.createMoments(3);
    const [first, second, third] = [30, 20, 10].map((rows) => sampleMatrix(normal(rows, 3), true));
    moments.updateGpu(onGpu(own, first!));
    await moments.state();
    moments.updateGpu(onGpu(own, second!));
    moments.update(third!);
    own.destroy();
    await own.lost;
    await expect(moments.state()).rejects.toThrow(/lost one .*; up to 20 rows that .* are lost$/);
    expect(moments.count).toBe(40);
    expectSame(await moments.state(), kernelState(first!, third!));
    expect(shared.gpuDevice).toBeUndefined();
    expect(() => moments.updateGpu(onGpu(own, first!))).toThrow(/^updateGpu: .*got a lost one/);
  });

  test("are read back and taken in by the kernel where there is no memory for a pass", async () => {
    const own = await openDevice();
    const { createBuffer } = own;
    using shared = await openWebGPU({ device: own, gpu: openGpu(), kernel });
    using moments = shared.createMoments(3);
    const views = [30, 20].map((rows) => sampleMatrix(normal(rows, 3), true));
    for (const view of views) moments.updateGpu(onGpu(own, view));
    // More than there can be.
    own.createBuffer = (descriptor) =>
      createBuffer.call(
        own,
        descriptor.label === "delve operands" ? { ...descriptor, size: 2 ** 45 } : descriptor,
      );
    await expect(moments.state()).rejects.toThrow(/^state: the GPU must run a pass/);
    expectSame(await moments.state(), kernelState(...views), 1e-13);
    own.destroy();
  });

  test("are not kept where there are too many of them under way", async () => {
    const own = await openDevice();
    const sizes: number[] = [];
    const { createBuffer } = own;
    own.createBuffer = (descriptor) => {
      if (descriptor.label === "delve gathered") sizes.push(descriptor.size);
      return createBuffer.call(own, descriptor);
    };
    using shared = await openWebGPU({ device: own, gpu: openGpu(), kernel });
    using moments = shared.createMoments(1);
    // The memory of 2^29 bytes that may be in use is filled by buffers of 64 KiB, as far as the test is concerned.
    const full = vi.spyOn(Gatherer.prototype, "isFull", "get").mockImplementation(() => sizes.length > 2);
    const view = sampleMatrix(normal(16384, 1), true);
    const data = onGpu(own, view);
    for (let k = 0; k < 6; k++) moments.updateGpu(data);
    expect(sizes).toEqual([65536, 65536, 65536]);
    expectSame(await moments.state(), kernelState(view, view, view, view, view, view));
    full.mockRestore();
    own.destroy();
  });

  test("more than a binding holds are refused", async () => {
    const view = onGpu(device, sampleMatrix(normal(64, 3), true));
    const limits = {
      ...device.limits,
      minStorageBufferOffsetAlignment: 256,
      maxStorageBufferBindingSize: 512,
    };
    const narrow = Object.create(device, { limits: { value: limits } }) as GPUDevice;
    const { gpuSource } = await import("../src/gpu-source.js");
    expect(() => gpuSource(narrow, { ...view, data: { ...view.data, device: narrow } }, 3)).toThrow(
      OutOfMemoryError,
    );
  });

  test("a thousand batches keep no buffers", async () => {
    const own = await openDevice();
    const { createBuffer } = own;
    let living = 0;
    own.createBuffer = (descriptor) => {
      const buffer = createBuffer.call(own, descriptor);
      if (descriptor.label?.startsWith("delve")) {
        living++;
        const { destroy } = buffer;
        buffer.destroy = () => {
          living--;
          return destroy.call(buffer);
        };
      }
      return buffer;
    };
    const shared = await openWebGPU({ device: own, gpu: openGpu(), kernel });
    using moments = shared.createMoments(3);
    const view = onGpu(own, sampleMatrix(normal(20, 3), true), { usage: COPY_SRC });
    let most = 0;
    for (let k = 1; k <= 1000; k++) {
      moments.updateGpu(view);
      if (k % 50 === 0) await moments.state();
      if (k === 100) most = living;
    }
    expect(moments.count).toBe(20_000);
    expect(living).toBeLessThanOrEqual(most);
    shared.dispose();
    expect(living).toBe(0);
    own.destroy();
  });
});
