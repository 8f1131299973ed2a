import { isFailure, readCase, readFloats } from "@delve/conformance";
import { ShapeError } from "@delve/kernel";
import { describe, expect, test } from "vitest";
import { interpolate } from "./interpolate.js";
import type { LayerOutput } from "./layer-output.js";
import { INTERPOLATION_STRATEGIES, type InterpolationStrategy } from "./resample-table.js";

interface GoldenCase {
  readonly x: string;
  readonly y: string;
  readonly shape: readonly number[];
  readonly size: number;
  readonly mode: InterpolationStrategy;
}

const cases = readCase<{ cases: object[] }>("interpolate/interpolate.json").cases;
const goldens = cases.filter((golden): golden is GoldenCase => !isFailure(golden));
const refused = cases.filter(isFailure) as unknown as { mode: InterpolationStrategy; size: number }[];

/** The same output with its channels last. */
function channelsLast({ data, shape }: LayerOutput): LayerOutput {
  const [samples = 0, channels = 0, height = 0, width = 0] = shape;
  const places = height * width;
  const moved = data.map((_, i) => {
    const [s, p, c] = [Math.floor(i / (places * channels)), Math.floor(i / channels) % places, i % channels];
    return data[(s * channels + c) * places + p]!;
  });
  return { data: moved, shape: [samples, height, width, channels], layout: "channelsLast" };
}

const largestOf = (values: Iterable<number>): number =>
  Array.from(values).reduce((most, value) => Math.max(most, Math.abs(value)), 0);

describe("beside PyTorch", () => {
  test.each(goldens)("$mode, $shape to $size", ({ x, y, shape, size, mode }) => {
    const first: LayerOutput = { data: readFloats(`interpolate/${x}`).data, shape, layout: "channelsFirst" };
    const expected: LayerOutput = { ...first, ...readFloats(`interpolate/${y}`) };
    const actual = interpolate(first, size, mode);
    expect(actual.shape).toEqual(expected.shape);
    expect(actual.data).toBeInstanceOf(Float32Array);
    // PyTorch sums in float32: where terms cancel, only their size bounds the difference, not that of the sum.
    const bound = mode.startsWith("nearest") ? 0 : 1e-6 * largestOf(expected.data);
    expect(largestOf(actual.data.map((value, i) => value - expected.data[i]!))).toBeLessThanOrEqual(bound);
    expect(interpolate(channelsLast(first), size, mode)).toEqual(channelsLast(actual));
  });

  test("all strategies are covered, and what PyTorch refuses is refused", () => {
    expect(new Set(goldens.map(({ mode }) => mode))).toEqual(new Set(INTERPOLATION_STRATEGIES));
    const output: LayerOutput = { data: new Float32Array(81), shape: [1, 9, 9, 1] };
    expect(refused.map(({ mode }) => mode)).toEqual(["linear", "trilinear", "bogus"]);
    for (const { mode, size } of refused) expect(() => interpolate(output, size, mode)).toThrow(RangeError);
  });

  // 23·14/46 is 7, but the product of the rounded factors stays below it. Which is what PyTorch computes.
  test.each([
    ["nearest", 14, 46, 23, 6],
    ["nearest", 2, 82, 41, 0],
    ["nearest-exact", 2, 41, 20, 0],
  ] as const)("%s from %d to %d: place %d is place %d of the source", (strategy, from, to, place, source) => {
    const ramp = Float64Array.from({ length: from * from }, (_, i) => i % from);
    expect(interpolate({ data: ramp, shape: [1, from, from, 1] }, to, strategy).data[place]).toBe(source);
  });
});

describe("laws", () => {
  const map: LayerOutput = {
    data: Float64Array.from({ length: 2 * 5 * 7 * 3 }, (_, i) => Math.sin(i)),
    shape: [2, 5, 7, 3],
  };

  test.each(INTERPOLATION_STRATEGIES)("%s: a constant map stays constant, at any size", (strategy) => {
    const flat: LayerOutput = { data: new Float32Array(2 * 5 * 7 * 3).fill(3), shape: [2, 5, 7, 3] };
    for (const size of [1, 2, 5, 6, 7, 16]) {
      expect(new Set(interpolate(flat, size, strategy).data)).toEqual(new Set([3]));
    }
  });

  test.each(INTERPOLATION_STRATEGIES)("%s: the same size is the same map", (strategy) => {
    const square: LayerOutput = { data: map.data.subarray(0, 75), shape: [1, 5, 5, 3] };
    expect(interpolate(square, 5, strategy).data).toEqual(square.data);
  });

  test("samples do not mix, and the input stays as it is", () => {
    const before = map.data.slice();
    const both = interpolate(map, 4, "bicubic").data;
    for (const s of [0, 1]) {
      const one = { data: map.data.subarray(s * 105, (s + 1) * 105), shape: [1, 5, 7, 3] };
      expect(interpolate(one, 4, "bicubic").data).toEqual(both.subarray(s * 48, (s + 1) * 48));
    }
    expect(map.data).toEqual(before);
  });

  test("area keeps the mean where cells divide the map evenly", () => {
    const even: LayerOutput = {
      data: Float64Array.from({ length: 36 }, (_, i) => i * i),
      shape: [1, 6, 6, 1],
    };
    const sum = (values: Iterable<number>): number => Array.from(values).reduce((a, b) => a + b, 0);
    for (const size of [1, 2, 3]) {
      expect(sum(interpolate(even, size, "area").data) / size ** 2).toBeCloseTo(sum(even.data) / 36, 9);
    }
  });
});

describe("refused", () => {
  const data = new Float32Array(24);

  test.each<[string, LayerOutput, number, string, RegExp]>([
    [
      "a sequence",
      { data, shape: [2, 3, 4] },
      2,
      "area",
      /two axes of places, got sequence of shape \[2, 3, 4\]/,
    ],
    ["one axis of places", { data, shape: [2, 3, 4], kind: "conv" }, 2, "area", /got conv of shape/],
    ["size 0", { data, shape: [1, 2, 3, 4] }, 0, "area", /positive whole number, got 0/],
    ["size 2.5", { data, shape: [1, 2, 3, 4] }, 2.5, "area", /positive whole number, got 2.5/],
  ])("%s", (_, output, size, strategy, message) => {
    expect(() => interpolate(output, size, strategy as "area")).toThrow(ShapeError);
    expect(() => interpolate(output, size, strategy as "area")).toThrow(message);
  });

  test.each([
    ["linear", '"bilinear" does), got "linear", which is for one axis'],
    ["trilinear", "which is for three axes"],
    ["biliner", 'did you mean "bilinear"?'],
  ])("%s", (strategy, message) => {
    expect(() => interpolate({ data, shape: [1, 2, 3, 4] }, 2, strategy as "area")).toThrow(message);
  });
});
