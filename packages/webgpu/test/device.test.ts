/// <reference types="@webgpu/types" />
import { denseSamples, sampleMatrix, seededRandom } from "@delve/conformance";
import { BackendUnavailableError, loadKernel, type MomentsState, type SampleMatrix } from "@delve/kernel";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type OpenWebGPUOptions, openWebGPU } from "../src/index.js";
import { changed } from "./changed-device.js";
import { describeWithGpu, openGpu } from "./software-gpu.js";

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
  const devices: GPUDevice[] = [];
  let kernel: Awaited<ReturnType<typeof loadKernel>>;
  beforeAll(async () => {
    kernel = await loadKernel();
  });
  afterAll(() => {
    for (const device of devices) device.destroy();
    kernel.dispose();
  });

  async function openDevice(): Promise<GPUDevice> {
    const adapter = await openGpu().requestAdapter();
    const device = await adapter!.requestDevice();
    devices.push(device);
    return device;
  }

  /** State of these batches, and how many buffers were made and destroyed on the way. */
  async function stateOn(
    options: OpenWebGPUOptions,
    batches: readonly SampleMatrix[],
  ): Promise<MomentsState> {
    using backend = await openWebGPU({ kernel, ...options });
    using moments = backend.createMoments(batches[0]!.features);
    for (const each of batches) moments.update(each);
    return await moments.state();
  }

  test("is refused unless it is asked for", async () => {
    await expect(openWebGPU({ gpu: openGpu() })).rejects.toThrow(/^openWebGPU: .*in software/);
  });

  test("gives the same bits in runs of a narrow binding", async () => {
    const device = await openDevice();
    const batches = [batch(50), batch(9), batch(60)];
    const whole = await stateOn({ device, gpu: openGpu() }, batches);
    const limits = { maxStorageBufferBindingSize: 60_000 };
    expect(await stateOn({ device: changed(device, { limits }), gpu: openGpu() }, batches)).toEqual(whole);
  });

  test("that is lost in the middle is an error, and no batch is lost with it", async () => {
    const device = await openDevice();
    using backend = await openWebGPU({ device, gpu: openGpu(), kernel });
    using moments = backend.createMoments(FEATURES);
    using expected = kernel.createMoments(FEATURES);
    const [first, second] = [batch(), batch()];
    for (const each of [moments, expected]) each.update(first);
    await moments.state();
    for (const each of [moments, expected]) each.update(second);
    device.destroy();
    await device.lost;
    await expect(moments.state()).rejects.toThrow(/^state: .*device.*lost/);
    const state = await moments.state();
    expect(state.count).toBe(100);
    const truth = expected.state().scatter;
    expect(Math.abs(state.scatter[0]! - truth[0]!)).toBeLessThanOrEqual(1e-11 * truth[0]!);
    expect(() => moments.update(first)).toThrow(BackendUnavailableError);
    expect(moments.count).toBe(100);
  });

  test("that is lost can be replaced by the kernel", async () => {
    const device = await openDevice();
    using backend = await openWebGPU({
      device,
      gpu: openGpu(),
      kernel,
      products: "f32",
      onDeviceLost: "kernel",
    });
    using moments = backend.createMoments(FEATURES);
    moments.update(batch());
    device.destroy();
    expect((await moments.state()).count).toBe(50);
    moments.update(batch());
    expect((await moments.state()).count).toBe(100);
  });

  test("keeps no buffers over a thousand batches", async () => {
    const device = await openDevice();
    let live = 0;
    const createBuffer = (descriptor: GPUBufferDescriptor) => {
      const buffer = device.createBuffer(descriptor);
      const destroy = buffer.destroy.bind(buffer);
      live++;
      buffer.destroy = () => {
        live--;
        return destroy();
      };
      return buffer;
    };
    const backend = await openWebGPU({
      device: changed(device, { createBuffer }),
      gpu: openGpu(),
      kernel,
      products: "f32",
    });
    using moments = backend.createMoments(3);
    const samples = batch(20, 3);
    let most = 0;
    for (let k = 1; k <= 1000; k++) {
      moments.update(samples);
      if (k % 10 === 0) await moments.state();
      if (k === 20) most = live;
    }
    expect(moments.count).toBe(20_000);
    expect(live).toBeLessThanOrEqual(most);
    backend.dispose();
    expect(live).toBe(0);
  });
});
