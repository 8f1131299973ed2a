/// <reference types="@webgpu/types" />
import process from "node:process";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { denseSamples, sampleMatrix, seededRandom } from "@delve/conformance";
import { afterAll, expect, test, vi } from "vitest";
import { openWebGPU } from "../src/index.js";
import { changed } from "./changed-device.js";
import { destroyDevices, openDevice } from "./devices.js";
import { describeWithGpu } from "./software-gpu.js";

// A GPU in software shares the processors with whatever else the machine does.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

setFlagsFromString("--expose-gc");
const collectGarbage: () => void = runInNewContext("gc");

const ROWS = 64;
const FEATURES = 24;
const STRETCHES = 8;
const BATCHES = 125;
/** Batches between one state and the next. */
const EVERY = 5;
/** Of one batch, in bytes. */
const VALUES = ROWS * FEATURES * 4;

/** The device, and how many buffers of it are live at the moment. */
function counting(device: GPUDevice): { device: GPUDevice; live(): number } {
  const live = new Set<GPUBuffer>();
  const createBuffer = (descriptor: GPUBufferDescriptor) => {
    const buffer = device.createBuffer(descriptor);
    const destroy = buffer.destroy.bind(buffer);
    live.add(buffer);
    buffer.destroy = () => {
      live.delete(buffer);
      return destroy();
    };
    return buffer;
  };
  return { device: changed(device, { createBuffer }), live: () => live.size };
}

describeWithGpu("a thousand batches on a GPU in software", () => {
  afterAll(destroyDevices);

  test("keep neither buffers nor memory", async () => {
    const { device, live } = counting(await openDevice());
    const backend = await openWebGPU({ device, products: "f32" });
    using moments = backend.createMoments(FEATURES);
    const random = seededRandom(5);
    const samples = sampleMatrix(
      denseSamples(ROWS, FEATURES, () => random.normal()),
      true,
    );
    const buffers: number[] = [];
    const sizes: number[] = [];
    for (let stretch = 0; stretch < STRETCHES; stretch++) {
      for (let k = 1; k <= BATCHES; k++) {
        moments.update(samples);
        if (k % EVERY === 0) await moments.state();
      }
      collectGarbage();
      buffers.push(live());
      sizes.push(process.memoryUsage().rss);
    }
    expect(moments.count).toBe(STRETCHES * BATCHES * ROWS);
    expect(Math.max(...buffers)).toBe(buffers[0]);
    // A leak grows in every stretch; what an engine takes for itself grows in some.
    const growth = sizes.slice(1).map((size, i) => size - sizes[i]!);
    expect(Math.min(...growth)).toBeLessThan((BATCHES * VALUES) / 4);
    backend.dispose();
    expect(live()).toBe(0);
  });
});
