import { memoryGpu } from "@delve/conformance";
import { expect, test } from "vitest";
import { SaturationTracker } from "../index.js";

const gpu = memoryGpu();
const { device } = gpu;

test("a batch in a buffer of the backend's device is recorded where it lies", async () => {
  const values = Float32Array.of(0, 1, 2, 1, 4, 1, 7, 3);
  const batch = { data: gpu.hold(values), shape: [4, 2] };
  const results = [];
  for (const given of [batch, { data: values, shape: [4, 2] }]) {
    const tracker = await SaturationTracker.open({ backend: gpu.openBackend(), stats: ["trc"] });
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
  const other = await SaturationTracker.open({ backend: gpu.openBackend() });
  const foreign = { ...data, device: {} };
  expect(() => other.record("a", { data: foreign, shape: [1, 2] })).toThrow(/got a buffer elsewhere/);
  expect(() => other.record("a", { data, shape: [2, 2] })).toThrow(/needs 4 values, got 2/);
  await onKernel.close();
  await other.close();
});
