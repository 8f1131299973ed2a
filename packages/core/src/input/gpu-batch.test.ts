import type { Backend, GpuSamples } from "@delve/kernel";
import { referenceBackend } from "@delve/kernel/reference";
import { expect, test } from "vitest";
import { SaturationTracker } from "../index.js";

const device = {};
const contents = new WeakMap<object, Float32Array>();

/** A backend whose buffers lie in memory, so that what it is given can be read. */
function gpuBackend(): Backend {
  const inMemory = referenceBackend();
  return Object.assign(Object.create(inMemory), {
    gpuDevice: device,
    createMoments(features: number) {
      const moments = inMemory.createMoments(features);
      const updateGpu = (samples: GpuSamples) =>
        moments.update({ ...samples, data: contents.get(samples.data.buffer)! });
      return Object.assign(moments, { updateGpu });
    },
  });
}

test("a batch in a buffer of the backend's device is recorded where it lies", async () => {
  const values = Float32Array.of(0, 1, 2, 1, 4, 1, 7, 3);
  const buffer = {};
  contents.set(buffer, values);
  const batch = { data: { device, buffer, byteOffset: 0, byteLength: 32 }, shape: [4, 2] };
  const results = [];
  for (const given of [batch, { data: values, shape: [4, 2] }]) {
    const tracker = await SaturationTracker.open({ backend: gpuBackend(), stats: ["trc"] });
    expect(tracker.gpuDevice).toBe(device);
    expect(tracker.record("a", given)).toBe(true);
    const maps = { ...given, shape: [1, 2, 2, 2] };
    expect(tracker.record("b", maps, { layout: "channelsFirst", kind: "conv" })).toBe(true);
    await tracker.addSaturations();
    results.push(tracker.latest?.records);
    await tracker.close();
  }
  expect(results[0]).toEqual(results[1]);
});

test("elsewhere it is refused", async () => {
  const data = { device, buffer: {}, byteOffset: 0, byteLength: 8 };
  const onKernel = await SaturationTracker.open();
  expect(onKernel.gpuDevice).toBeUndefined();
  expect(() => onKernel.record("a", { data, shape: [1, 2] })).toThrow(
    /must lie in memory or on the tracker's gpuDevice/,
  );
  const other = await SaturationTracker.open({ backend: gpuBackend() });
  const foreign = { ...data, device: {} };
  expect(() => other.record("a", { data: foreign, shape: [1, 2] })).toThrow(/got a buffer elsewhere/);
  expect(() => other.record("a", { data, shape: [2, 2] })).toThrow(/needs 4 values, got 2/);
  await onKernel.close();
  await other.close();
});
