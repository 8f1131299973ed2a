/// <reference types="@webgpu/types" />
import { sampleMatrix, seededRandom } from "@delve/conformance";
import { covariance, loadKernel, NonFiniteError, type SyncBackend } from "@delve/kernel";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openWebGPU, type WebGPUBackend } from "../src/index.js";
import { changed } from "./changed-device.js";
import { onGpu } from "./gpu-buffers.js";
import { type ModePromise, testPromise } from "./mode-promise.js";
import { normalisedError } from "./normalised-error.js";
import { hardSamples } from "./samples.js";
import { describeWithGpu, openGpu } from "./software-gpu.js";

const PROMISE: ModePromise = { promise: 1e-5, usual: 2e-6 };

describeWithGpu("covariance in the mode fast", () => {
  let gpu: WebGPUBackend;
  let kernel: SyncBackend;
  beforeAll(async () => {
    kernel = await loadKernel();
    gpu = await openWebGPU({ gpu: openGpu(), software: true, kernel, mode: "fast" });
  });
  afterAll(() => {
    gpu.dispose();
    kernel.dispose();
  });

  const errorOf = testPromise(() => gpu, PROMISE);

  test("is said by the backend", () => {
    expect([gpu.mode, gpu.products, gpu.epsilon]).toEqual(["fast", "f32", 2 ** -25]);
  });

  test("is one of two", async () => {
    await expect(openWebGPU({ gpu: openGpu(), mode: "slow" as "fast" })).rejects.toThrow(
      "openWebGPU: mode must be one of exact, fast, got slow",
    );
  });

  test.each(["normal", "one outlier of 1e6", "relu"])("as many rows as a pass has: %s", async (name) => {
    await errorOf(hardSamples(name, 16_384, 3, seededRandom(67)), true);
  });

  test("over several passes whose means differ", async () => {
    const random = seededRandom(71);
    const data = Float32Array.from({ length: 80_000 }, (_, at) => at / 1e3 + random.normal());
    const samples = { data, rows: 40_000, features: 2, rowStride: 2, featureStride: 1 };
    using moments = gpu.createMoments(2);
    using reference = kernel.createMoments(2);
    for (const each of [moments, reference]) each.update(samples);
    const truth = covariance(reference.state());
    expect(normalisedError(covariance(await moments.state()), truth)).toBeLessThanOrEqual(moments.errorBound);
  });

  test("sums of columns are exact", async () => {
    using moments = gpu.createMoments(2);
    const data = Float32Array.of(1, 1e-3, 2, 1e7, 4, -1e7, 9, 0);
    moments.update({ data, rows: 4, features: 2, rowStride: 2, featureStride: 1 });
    const { shift, offset } = await moments.state();
    expect(shift[0]! + offset[0]!).toBeCloseTo(4, 12);
    expect(Math.abs(shift[1]! + offset[1]! - data[1]! / 4)).toBeLessThanOrEqual(1e7 * 2 ** -46);
  });

  test.each(["normal", "one outlier of 1e6"])(
    "has the same bits from a buffer of the device: %s",
    async (name) => {
      const samples = sampleMatrix(hardSamples(name, 70, 5, seededRandom(73)), true);
      using onDevice = gpu.createMoments(5);
      using inMemory = gpu.createMoments(5);
      onDevice.updateGpu(onGpu(gpu.gpuDevice as GPUDevice, samples));
      inMemory.update(samples);
      expect(await onDevice.state()).toEqual(await inMemory.state());
    },
  );

  test("in runs of a narrow binding", async () => {
    const device = gpu.gpuDevice as GPUDevice;
    const limits = { maxStorageBufferBindingSize: 60_000 };
    using narrow = await openWebGPU({ device: changed(device, { limits }), kernel, mode: "fast" });
    const samples = hardSamples("normal", 90, 150, seededRandom(79));
    const states = [];
    for (const backend of [gpu, narrow]) {
      using moments = backend.createMoments(150);
      moments.update(sampleMatrix(samples, true));
      states.push(await moments.state());
    }
    expect(states[0]).toEqual(states[1]);
  });

  test("a value that is no number is refused, and its batch with it", async () => {
    using moments = gpu.createMoments(1);
    const batch = (value: number) => ({
      data: Float32Array.of(1, value),
      rows: 2,
      features: 1,
      rowStride: 1,
      featureStride: 1,
    });
    for (const bad of [Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => moments.update(batch(bad))).toThrow(NonFiniteError);
    }
    moments.update(batch(3));
    expect((await moments.state()).scatter).toEqual(Float64Array.of(2));
  });
});
