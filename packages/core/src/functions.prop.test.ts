import { covarianceBound, dyadics, samplesArbitrary, twoPassCovariance } from "@delve/conformance";
import { unpackUpper } from "@delve/kernel";
import { fc, test } from "@fast-check/vitest";
import { beforeAll, expect } from "vitest";
import type { Delve } from "./delve.js";
import { loadDelve } from "./functions.js";

let delve: Delve;
beforeAll(async () => {
  delve = await loadDelve();
});

test.prop([
  samplesArbitrary({}, dyadics()),
  fc.constantFrom(0, 1e3, -(2 ** 40)),
  fc.constantFrom<"rows" | "columns" | "nested">("rows", "columns", "nested"),
])("covariance is that of two passes, whatever the mean and the layout", (samples, mean, layout) => {
  const { rows, features } = samples;
  const data = samples.data.map((value) => value + mean);
  const expected = unpackUpper(twoPassCovariance({ rows, features, data }));
  const c = delve.covariance(laidOut(data, rows, features, layout));
  for (let i = 0; i < features; i++) {
    for (let j = 0; j < features; j++) {
      const bound = covarianceBound(Number.EPSILON, expected[i * features + i]!, expected[j * features + j]!);
      expect(Math.abs(c.at(i, j)! - expected[i * features + j]!)).toBeLessThanOrEqual(bound);
    }
  }
});

function laidOut(data: Float64Array, rows: number, features: number, layout: "rows" | "columns" | "nested") {
  const shape = [rows, features];
  if (layout === "rows") return { data, shape };
  if (layout === "nested") {
    return Array.from({ length: rows }, (_, r) =>
      Array.from(data.subarray(r * features, (r + 1) * features)),
    );
  }
  const turned = new Float64Array(data.length);
  data.forEach((value, at) => {
    turned[(at % features) * rows + Math.floor(at / features)] = value;
  });
  return { data: turned, shape, strides: [1, rows] };
}

test.prop([samplesArbitrary(), fc.double({ min: 0.01, max: 1, noNaN: true })])(
  "saturation lies between 0 and min(1, (n − 1)/d), grows with the threshold, and is idim/d",
  ({ data, rows, features }, threshold) => {
    const x = { data, shape: [rows, features] };
    const idim = delve.intrinsicDimensionality(x, { threshold });
    expect(delve.saturation(x, { threshold })).toBe(idim / features);
    expect(idim).toBeGreaterThanOrEqual(0);
    expect(idim).toBeLessThanOrEqual(Math.min(features, rows - 1));
    expect(delve.intrinsicDimensionality(x, { threshold: threshold / 2 })).toBeLessThanOrEqual(idim);
    expect(delve.intrinsicDimensionality(x, { threshold, idimRule: "delve" })).toBeLessThanOrEqual(idim);
  },
);

test.prop([samplesArbitrary()])(
  "the spectrum adds up to the trace of the covariance",
  ({ data, rows, features }) => {
    const x = { data, shape: [rows, features] };
    const c = delve.covariance(x);
    const trace = Array.from({ length: features }, (_, i) => c.at(i, i)!).reduce((a, b) => a + b, 0);
    const sum = delve.spectrum(x).reduce((a, b) => a + b, 0);
    expect(Math.abs(sum - trace)).toBeLessThanOrEqual(4 * features * features * Number.EPSILON * trace);
  },
);
