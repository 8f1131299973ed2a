/// <reference types="@webgpu/types" />
import { denseSamples, sampleMatrix, seededRandom } from "@delve/conformance";
import { loadKernel, openBackend, type WebGPUModule } from "@delve/kernel";
import { expect, test } from "vitest";
import * as webgpu from "../src/index.js";
import { countMappedBytes, onGpu } from "./gpu-buffers.js";
import { describeWithGpu, openGpu } from "./software-gpu.js";

const random = seededRandom(11);
const batch = (rows: number, features: number) =>
  sampleMatrix(
    denseSamples(rows, features, () => random.normal(), true),
    true,
  );

/** The module, told where a GPU is. */
const module = (more: object = {}): WebGPUModule => ({
  openWebGPU: (options) => webgpu.openWebGPU({ ...options, gpu: openGpu(), ...more }),
});

test("where there is no GPU, auto is the kernel and webgpu an error", async () => {
  const none: WebGPUModule = webgpu;
  using backend = await openBackend("open", { webgpu: none });
  expect(backend.name).toBe("wasm");
  await expect(openBackend("open", { device: "webgpu", webgpu: none })).rejects.toThrow(
    /^openWebGPU: WebGPU must/,
  );
});

describeWithGpu("on a GPU in software", () => {
  const openDevice = async (): Promise<GPUDevice> => (await openGpu().requestAdapter())!.requestDevice();

  test("auto is the kernel, shared or not; webgpu shares a device as it is", async () => {
    const device = await openDevice();
    for (const shared of [undefined, device]) {
      using backend = await openBackend("open", { webgpu: module() }, shared);
      expect(backend.name).toBe("wasm");
    }
    using backend = await openBackend("open", { device: "webgpu", webgpu: module() }, device);
    expect([backend.name, backend.gpuDevice]).toEqual(["webgpu", device]);
    device.destroy();
  });

  test("what is not worth a pass is the kernel's, to the bit, and nothing else", async () => {
    const device = await openDevice();
    using kernel = await loadKernel();
    using backend = await webgpu.openWebGPU({ device, gpu: openGpu(), kernel, smallPasses: "kernel" });
    const mapped = countMappedBytes(device);
    const narrow = batch(300, 10);
    using moments = backend.createMoments(10);
    using expected = kernel.createMoments(10);
    for (const each of [moments, expected]) each.update(narrow);
    expect(await moments.state()).toEqual(expected.state());
    expect([moments.count, mapped.bytes]).toEqual([300, 0]);
    // What lies on the device already is not fetched for that.
    moments.updateGpu(onGpu(device, narrow));
    expect((await moments.state()).count).toBe(600);
    expect(mapped.bytes).toBe(32 * 32 * 12 + 10 * 16 + 16);
    mapped.restore();
    device.destroy();
  });
});
