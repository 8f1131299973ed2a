import { memoryGpu } from "@delve/conformance";
import type { Backend, GpuValues } from "@delve/kernel";
import { referenceBackend } from "@delve/kernel/reference";
import { describe, expect, test, vi } from "vitest";
import { type LayerOutput, memoryStorage, SaturationTracker, sampleMatrixOf } from "../src/index.js";

const gpu = memoryGpu();
const { device } = gpu;

/** An output that lies in a buffer, behind two values that are not its own. */
function onGpu(values: Float32Array, shape: number[], rest: object = {}): LayerOutput<GpuValues> {
  return { data: gpu.hold(values, 2), shape, ...rest };
}

const values = Float32Array.from({ length: 4 * 6 * 3 }, (_, i) => Math.sin(i * i));
const open = (options: object = {}) =>
  SaturationTracker.open({
    backend: gpu.openBackend(),
    stats: ["cov"],
    storage: memoryStorage(),
    ...options,
  });

async function covarianceOf(tracker: SaturationTracker): Promise<unknown> {
  await tracker.addSaturations();
  await tracker.close();
  return tracker.latest?.records;
}

describe("outputs in the memory of a GPU", () => {
  const cases: [string, number[], object][] = [
    ["dense", [24, 3], {}],
    ["channelwise", [4, 2, 3, 3], {}],
    ["channelwise, channels first", [4, 3, 2, 3], { layout: "channelsFirst" }],
    ["flatten", [4, 2, 3, 3], { convMethod: "flatten" }],
    ["last_timestep", [4, 6, 3], {}],
    ["timestepwise", [4, 6, 3], { timeseriesMethod: "timestepwise" }],
    ["tokenwise, no more than three samples", [4, 6, 3], { timeseriesMethod: "tokenwise", maxSamples: 3 }],
  ];

  test.each(cases)(
    "%s: the backend gets a view of the same samples",
    async (_, shape, { layout, ...options }: { layout?: "channelsFirst" }) => {
      const backend = gpu.openBackend();
      const [onDevice, memory] = [await open({ backend, ...options }), await open(options)];
      const rest = layout ? { layout } : {};
      expect(onDevice.gpuDevice).toBe(device);
      expect(onDevice.record("a", onGpu(values, shape, rest))).toBe(true);
      memory.record("a", { data: values, shape, ...rest });
      expect(backend.taken.length).toBe(1);
      expect(await covarianceOf(onDevice)).toEqual(await covarianceOf(memory));
    },
  );

  test.each([
    ["a statistic that needs samples", { stats: ["embed"] }],
    ["means", { convMethod: "mean" }],
    ["interpolation", { interpolationStrategy: "nearest" }],
  ])("%s: values have to be read", async (_, options) => {
    const tracker = await open(options);
    expect(tracker.gpuDevice).toBeUndefined();
    await tracker.close();
  });

  test("that must be read, lie on another device, or have a wrong length are refused, and it is said why", async () => {
    const logger = vi.fn();
    const elsewhere = onGpu(values, [24, 3]);
    const refused = [
      { tracker: await open({ convMethod: "mean", logger }), output: onGpu(values, [4, 2, 3, 3]) },
      { tracker: await open({ stats: ["embed"], logger }), output: onGpu(values, [24, 3]) },
      { tracker: await open({ backend: referenceBackend(), logger }), output: onGpu(values, [24, 3]) },
      { tracker: await open({ logger }), output: { ...elsewhere, data: { ...elsewhere.data, device: {} } } },
      { tracker: await open({ logger }), output: onGpu(values, [25, 3]) },
    ];
    for (const { tracker, output } of refused) {
      expect(tracker.record("a", output)).toBe(false);
      await tracker.close();
    }
    const place = expect.stringMatching(/layer "a".* on the tracker's gpuDevice, got a buffer elsewhere/);
    const length = expect.stringMatching(/layer "a".*needs 75 values, got 72/);
    expect(logger.mock.calls.map(([, message]) => message)).toEqual([place, place, place, place, length]);
  });

  test("sampleMatrixOf says what is to be made of many values, and looks at none", () => {
    const output = onGpu(values, [4, 2, 3, 3]);
    const rest = { data: output.data, rows: 4, features: 3, rowStride: 18 };
    const pool = { method: "max", count: 6, stride: 3 };
    expect(sampleMatrixOf(output, { convMethod: "max" })).toEqual({ ...rest, featureStride: 1, pool });
    const first = { ...output, shape: [4, 3, 2, 3], layout: "channelsFirst" } as const;
    expect(sampleMatrixOf(first, { convMethod: "mean" })).toEqual({
      ...rest,
      featureStride: 6,
      pool: { method: "mean", count: 6, stride: 1 },
    });
    expect(() => sampleMatrixOf(output, { interpolationStrategy: "area" })).toThrow(
      "interpolation needs values in memory, got a GPU's",
    );
    expect(sampleMatrixOf(output, { convMethod: "flatten" }).features).toBe(18);
  });

  test("a backend that makes one of many by itself is handed them, as far as it says so", async () => {
    const updateGpu = vi.fn();
    const backend: Backend = {
      ...gpu.openBackend(),
      gpuPools: ["max"],
      createMoments: (features) => Object.assign(referenceBackend().createMoments(features), { updateGpu }),
    };
    const tracker = await open({ backend, convMethod: "max" });
    expect(tracker.gpuDevice).toBe(device);
    expect(tracker.record("a", onGpu(values, [4, 2, 3, 3]))).toBe(true);
    expect(updateGpu.mock.calls[0]![0]).toMatchObject({ rows: 4, pool: { method: "max", count: 6 } });
    await tracker.close();
    for (const options of [{ convMethod: "median" }, { convMethod: "max", interpolationStrategy: "area" }]) {
      const other = await open({ backend, ...options });
      expect(other.gpuDevice).toBeUndefined();
      await other.close();
    }
  });
});
