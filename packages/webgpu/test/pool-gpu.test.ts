/// <reference types="@webgpu/types" />
import { propertyRuns, seededRandom } from "@delve/conformance";
import { loadKernel, type MomentsState, NonFiniteError, type PoolMethod, ShapeError } from "@delve/kernel";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openWebGPU, type WebGPUBackend } from "../src/index.js";
import { gpuValues } from "./gpu-buffers.js";
import { HARD } from "./samples.js";
import { describeWithGpu, openGpu } from "./software-gpu.js";

const METHODS: readonly PoolMethod[] = ["mean", "max", "median"];

const REDUCE: Readonly<Record<PoolMethod, (values: Float64Array) => number>> = {
  mean: (values) => values.reduce((sum, value) => sum + value, 0) / values.length,
  max: (values) => Math.max(...values),
  median: (values) => values.sort()[(values.length - 1) >> 1]!,
};

/** Feature maps: value (sample, feature, position) at `data[sample·stride + …]`, channels last or first. */
interface Maps {
  readonly samples: number;
  readonly features: number;
  readonly positions: number;
  readonly channelsLast: boolean;
  readonly data: Float32Array;
}

function makeMaps(
  samples: number,
  features: number,
  positions: number,
  channelsLast: boolean,
  name = "normal",
  seed = 1,
): Maps {
  const value = HARD[name]!(seededRandom(seed));
  const data = Float32Array.from({ length: samples * features * positions }, (_, at) => {
    const inner = at % (features * positions);
    const feature = channelsLast ? inner % features : Math.floor(inner / positions);
    return value(Math.floor(at / (features * positions)), feature);
  });
  return { samples, features, positions, channelsLast, data };
}

const stridesOf = ({ features, positions, channelsLast }: Maps) =>
  channelsLast ? { featureStride: 1, stride: features } : { featureStride: positions, stride: 1 };

/** The pooled values, in float64. */
function pooled(maps: Maps, method: PoolMethod): Float64Array {
  const { samples, features, positions, data } = maps;
  const { featureStride, stride } = stridesOf(maps);
  return Float64Array.from({ length: samples * features }, (_, at) => {
    const start = Math.floor(at / features) * features * positions + (at % features) * featureStride;
    return REDUCE[method](Float64Array.from({ length: positions }, (_, p) => data[start + p * stride]!));
  });
}

describeWithGpu("many values in the place of one", () => {
  let device: GPUDevice;
  let backend: WebGPUBackend;
  let kernel: Awaited<ReturnType<typeof loadKernel>>;

  beforeAll(async () => {
    kernel = await loadKernel();
    device = await (await openGpu().requestAdapter())!.requestDevice();
    backend = await openWebGPU({ device, gpu: openGpu(), kernel });
  });
  afterAll(() => {
    backend.dispose();
    device.destroy();
    kernel.dispose();
  });

  const onGpu = (maps: Maps, method: PoolMethod) => {
    const { samples, features, positions } = maps;
    const { featureStride, stride } = stridesOf(maps);
    const pool = { method, count: positions, stride };
    const data = gpuValues(device, maps.data, { before: 264 });
    return { data, rows: samples, features, rowStride: features * positions, featureStride, pool };
  };

  function kernelState(method: PoolMethod, ...all: readonly Maps[]): MomentsState {
    const { features } = all[0]!;
    using moments = kernel.createMoments(features);
    for (const maps of all) {
      const rest = { rows: maps.samples, features, rowStride: features, featureStride: 1 };
      moments.update({ data: pooled(maps, method), ...rest });
    }
    return moments.state();
  }

  /** A mean has 48 bits on the device, and in float64 it has been rounded, too. */
  const ROUNDING = 2 ** -46;

  /** @param bound - Of |ΔC_ij| / √(C_ii·C_jj), beside what rounded means are off, as a share of their spread. */
  function expectSame(actual: MomentsState, expected: MomentsState, bound: number): void {
    const { features, count } = expected;
    expect(actual.count).toBe(count);
    const mean = (state: MomentsState, f: number) => state.shift[f]! + state.offset[f]!;
    const spread = (f: number) =>
      Math.sqrt(expected.scatter[f * features - (f * (f - 1)) / 2]! / Math.max(count, 1));
    const rounding = (f: number) => ROUNDING * Math.abs(mean(expected, f));
    for (let i = 0, p = 0; i < features; i++) {
      const off = Math.abs(mean(actual, i) - mean(expected, i));
      expect(off).toBeLessThanOrEqual(bound * spread(i) + rounding(i));
      for (let j = i; j < features; j++, p++) {
        const rounded =
          2 * (rounding(i) * (spread(j) + rounding(j)) + rounding(j) * (spread(i) + rounding(i)));
        const most = count * (bound * spread(i) * spread(j) + rounded);
        expect(Math.abs(actual.scatter[p]! - expected.scatter[p]!)).toBeLessThanOrEqual(most);
      }
    }
  }

  test("the backend says what it can", () => {
    expect(backend.gpuPools).toEqual(METHODS);
  });

  describe.each(METHODS)("%s", (method) => {
    test.each([
      [1, true],
      [2, false],
      [5, true],
      [64, false],
      [1000, true],
    ])("of %i positions, channels last: %s", async (positions, channelsLast) => {
      const maps = makeMaps(20, 6, positions, channelsLast);
      using moments = backend.createMoments(6);
      moments.updateGpu(onGpu(maps, method));
      const state = await moments.state();
      expectSame(state, kernelState(method, maps), 1e-11);
      expect(moments.errorBound).toBeLessThan(1e-10);
    });

    test("of any values", () =>
      fc.assert(
        fc.asyncProperty(
          fc.constantFrom("normal", "1e36", "relu", "scales that differ", "one outlier of 1e6", "two values"),
          fc.integer({ min: 1, max: 30 }),
          fc.integer({ min: 1, max: 9 }),
          fc.integer({ min: 1, max: 40 }),
          fc.boolean(),
          fc.nat(),
          async (name, samples, features, positions, channelsLast, seed) => {
            const maps = makeMaps(samples, features, positions, channelsLast, name, seed);
            using moments = backend.createMoments(features);
            moments.updateGpu(onGpu(maps, method));
            expectSame(await moments.state(), kernelState(method, maps), 1e-11);
          },
        ),
        { numRuns: propertyRuns(10) },
      ));
  });

  test("maxima and medians have the bits of the same samples in memory", async () => {
    for (const method of ["max", "median"] as const) {
      const maps = makeMaps(40, 5, 12, false, "thirty decades");
      using onDevice = backend.createMoments(5);
      using inMemory = backend.createMoments(5);
      onDevice.updateGpu(onGpu(maps, method));
      const rest = { rows: 40, features: 5, rowStride: 5, featureStride: 1 };
      inMemory.update({ data: Float32Array.from(pooled(maps, method)), ...rest });
      expect(await onDevice.state()).toEqual(await inMemory.state());
    }
  });

  test("means of large values lose nothing of what is small between them", async () => {
    // Means that part by a thousandth of the last digit of a float32.
    const maps = makeMaps(200, 3, 100, true);
    maps.data.forEach((value, at) => {
      maps.data[at] = 2 ** 24 + 2 * Math.round(value);
    });
    using moments = backend.createMoments(3);
    moments.updateGpu(onGpu(maps, "mean"));
    expectSame(await moments.state(), kernelState("mean", maps), 1e-11);
  });

  test("of other numbers, other methods, and in memory, one after another", async () => {
    const [a, b] = [makeMaps(20, 3, 7, true), makeMaps(10, 3, 9, false)];
    using moments = backend.createMoments(3);
    using expected = kernel.createMoments(3);
    for (const [maps, method] of [
      [a, "mean"],
      [b, "mean"],
      [a, "max"],
      [b, "median"],
    ] as const) {
      moments.updateGpu(onGpu(maps, method));
      const rest = { rows: maps.samples, features: 3, rowStride: 3, featureStride: 1 };
      expected.update({ data: pooled(maps, method), ...rest });
    }
    const plain = { data: pooled(a, "max"), rows: 20, features: 3, rowStride: 3, featureStride: 1 };
    for (const each of [moments, expected]) each.update(plain);
    expectSame(await moments.state(), expected.state(), 1e-11);
  });

  test("one of which is bad are refused", async () => {
    const [good, bad] = [makeMaps(20, 3, 7, true), makeMaps(20, 3, 7, true)];
    bad.data[(4 * 7 + 6) * 3 + 2] = Number.NEGATIVE_INFINITY;
    for (const method of METHODS) {
      using moments = backend.createMoments(3);
      for (const maps of [good, bad]) moments.updateGpu(onGpu(maps, method));
      const refusal = moments.state();
      await expect(refusal).rejects.toThrow(NonFiniteError);
      await expect(refusal).rejects.toThrow(/got NaN at row 4, feature 2$/);
      expectSame(await moments.state(), kernelState(method, good), 1e-11);
    }
  });

  test("means are read back and taken in by the kernel where there is no memory for a pass", async () => {
    const own = await (await openGpu().requestAdapter())!.requestDevice();
    using shared = await openWebGPU({ device: own, gpu: openGpu(), kernel });
    using moments = shared.createMoments(3);
    const maps = makeMaps(20, 3, 7, true);
    moments.updateGpu({ ...onGpu(maps, "mean"), data: gpuValues(own, maps.data) });
    const { createBuffer } = own;
    // More than there can be.
    own.createBuffer = (descriptor) =>
      createBuffer.call(
        own,
        descriptor.label === "delve operands" ? { ...descriptor, size: 2 ** 45 } : descriptor,
      );
    await expect(moments.state()).rejects.toThrow(/^state: the GPU must run a pass/);
    expectSame(await moments.state(), kernelState("mean", maps), 1e-11);
    own.destroy();
  });

  test("that do not fit are refused at once", () => {
    const view = onGpu(makeMaps(4, 3, 7, true), "max");
    using moments = backend.createMoments(3);
    const refused = (pool: object) =>
      expect(() => moments.updateGpu({ ...view, pool: { ...view.pool, ...pool } }));
    refused({ count: 8 }).toThrow(/^updateGpu: the view must lie inside its data of 84 values/);
    refused({ stride: -3 }).toThrow(ShapeError);
    refused({ stride: 0.5 }).toThrow(ShapeError);
    refused({ count: 0 }).toThrow(/^updateGpu: pool.count must be from 1 to 16777216, got 0/);
    refused({ method: "least" }).toThrow(
      /^updateGpu: pool.method must be one of mean, max, median, got least/,
    );
  });
});
