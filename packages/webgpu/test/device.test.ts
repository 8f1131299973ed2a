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
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { type OpenWebGPUOptions, openWebGPU } from "../src/index.js";
import { changed } from "./changed-device.js";
import { destroyDevices, openDevice } from "./devices.js";
import { describeWithGpu, openGpu } from "./software-gpu.js";

// A GPU in software shares the processors with whatever else the machine does.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

const FEATURES = 70;
const random = seededRandom(3);
const batch = (rows = 50, features = FEATURES): SampleMatrix =>
  sampleMatrix(
    denseSamples(rows, features, (_, f) => f + random.normal()),
    true,
  );

describe("where there is no GPU", () => {
  test("opening says what is missing", async () => {
    const none = { requestAdapter: async () => null };
    await expect(openWebGPU({ gpu: none })).rejects.toThrow(BackendUnavailableError);
    await expect(openWebGPU({ gpu: none })).rejects.toThrow(/^openWebGPU: .*adapter.*got none/);
  });
});

describeWithGpu("a device in software", () => {
  let kernel: SyncBackend;
  beforeAll(async () => {
    kernel = await loadKernel();
  });
  afterAll(() => {
    destroyDevices();
    kernel.dispose();
  });

  async function stateOn(
    options: OpenWebGPUOptions,
    batches: readonly SampleMatrix[],
  ): Promise<MomentsState> {
    using backend = await openWebGPU({ kernel, products: "f32", ...options });
    using moments = backend.createMoments(batches[0]!.features);
    for (const each of batches) moments.update(each);
    return await moments.state();
  }

  /** All rows of these batches are in the state, and the covariance is what the kernel makes of them. */
  function expectHolds(state: MomentsState, batches: readonly SampleMatrix[]): void {
    using expected = kernel.createMoments(state.features);
    for (const each of batches) expected.update(each);
    expect(state.count).toBe(expected.count);
    const [actual, truth] = [covariance(state).upper, covariance(expected.state()).upper];
    const errors = actual.map((value, p) => Math.abs(value - truth[p]!));
    expect(Math.max(...errors)).toBeLessThanOrEqual(1e-11 * Math.max(...truth));
  }

  test("is refused unless it is asked for", async () => {
    await expect(openWebGPU({ gpu: openGpu() })).rejects.toThrow(/^openWebGPU: .*in software/);
  });

  test("gives the same bits in runs of a narrow binding", async () => {
    const device = await openDevice();
    const batches = [batch(50), batch(9), batch(60)];
    const whole = await stateOn({ device }, batches);
    const limits = { maxStorageBufferBindingSize: 60_000 };
    expect(await stateOn({ device: changed(device, { limits }) }, batches)).toEqual(whole);
  });

  test("that is lost in the middle is an error, and no batch is lost with it", async () => {
    const device = await openDevice();
    using backend = await openWebGPU({ device, kernel, products: "f32" });
    using moments = backend.createMoments(FEATURES);
    using other = backend.createMoments(3);
    const [first, second, third] = [batch(), batch(), batch(20, 3)];
    moments.update(first);
    await moments.state();
    moments.update(second);
    other.update(third);
    device.destroy();
    await device.lost;
    for (const each of [moments, other]) {
      await expect(each.state()).rejects.toThrow(/^state: .*device.*lost/);
      expect(() => each.update(first)).toThrow();
    }
    expectHolds(await moments.state(), [first, second]);
    expectHolds(await other.state(), [third]);
    expect(() => moments.update(first)).toThrow(BackendUnavailableError);
    expect(moments.count).toBe(100);
  });

  test("that is lost while passes are under way loses none of their rows", async () => {
    const device = await openDevice();
    using backend = await openWebGPU({ device, kernel, products: "f32" });
    using moments = backend.createMoments(5);
    // More than a pass each: one begins in `update`, and its result is not back yet when the device goes.
    const batches = [batch(17_000, 5), batch(17_000, 5)];
    for (const each of batches) moments.update(each);
    device.destroy();
    await expect(moments.state()).rejects.toThrow(BackendUnavailableError);
    expectHolds(await moments.state(), batches);
  });

  test("that is lost can be replaced by the kernel", async () => {
    const device = await openDevice();
    using backend = await openWebGPU({ device, kernel, products: "f32", onDeviceLost: "kernel" });
    using moments = backend.createMoments(FEATURES);
    const batches = [batch(), batch(), batch()];
    moments.update(batches[0]!);
    await moments.state();
    moments.update(batches[1]!);
    device.destroy();
    expect((await moments.state()).count).toBe(100);
    moments.update(batches[2]!);
    expectHolds(await moments.state(), batches);
  });

  /** The device, on which the driver has no memory for buffers of the name that is crowded: it is asked for too much. */
  async function crowdedDevice(crowded: { name: string }): Promise<GPUDevice> {
    const device = await openDevice();
    const createBuffer = (descriptor: GPUBufferDescriptor) => {
      const swells = descriptor.label === `delve ${crowded.name}`;
      return device.createBuffer(swells ? { ...descriptor, size: device.limits.maxBufferSize } : descriptor);
    };
    return changed(device, { createBuffer });
  }

  test("without memory is an error that passes, and no batch is lost with it", async () => {
    const crowded = { name: "" };
    const device = await crowdedDevice(crowded);
    using backend = await openWebGPU({ device, kernel, products: "f32" });
    for (const [k, name] of ["rows", "operands", "limbs", "readback"].entries()) {
      // Wider than before, so that what is there does not do.
      const features = 40 * (k + 1);
      const batches = [batch(50, features), batch(50, features)];
      using moments = backend.createMoments(features);
      crowded.name = name;
      moments.update(batches[0]!);
      await expect(moments.state(), name).rejects.toThrow(OutOfMemoryError);
      expectHolds(await moments.state(), batches.slice(0, 1));
      expect(moments.errorBound).toBe(0); // The kernel's work so far.
      crowded.name = "";
      moments.update(batches[1]!);
      expectHolds(await moments.state(), batches);
      expect(moments.errorBound).toBeGreaterThan(0); // The device's again.
    }
  });

  test("without memory can be replaced by the kernel", async () => {
    const crowded = { name: "" };
    const device = await crowdedDevice(crowded);
    using backend = await openWebGPU({ device, kernel, products: "f32", onDeviceLost: "kernel" });
    crowded.name = "products";
    using moments = backend.createMoments(FEATURES);
    const samples = batch();
    moments.update(samples);
    expectHolds(await moments.state(), [samples]);
  });
});
