import { describe, expect, test } from "vitest";
import { denseSamples } from "./samples.js";
import { twoPassCovariance, twoPassMean } from "./two-pass.js";

describe("twoPassCovariance", () => {
  test("of samples that can be done by hand", () => {
    const samples = { rows: 2, features: 2, data: Float64Array.of(1, 2, 3, 6) };
    expect(twoPassMean(samples)).toEqual(Float64Array.of(2, 4));
    expect(twoPassCovariance(samples)).toEqual({ order: 2, upper: Float64Array.of(1, 2, 4) });
    expect(twoPassCovariance(samples, false).upper).toEqual(Float64Array.of(5, 10, 20));
  });

  test("of 1 … n about any integer is (n² − 1)/12, rounded once", () => {
    for (const n of [3, 10, 1001]) {
      for (const mean of [0, 1e6, 2 ** 52]) {
        const samples = denseSamples(n, 1, (r) => mean + r);
        expect(twoPassCovariance(samples).upper[0]).toBe((n * n - 1) / 12);
      }
    }
  });

  test("of a mean that float64 cannot hold: 1e16 and 1e16 + 2, in thirds", () => {
    // Mean 1e16 + 2/3, variance 8/9.
    const samples = { rows: 3, features: 1, data: Float64Array.of(1e16, 1e16, 1e16 + 2) };
    expect(twoPassCovariance(samples).upper[0]).toBe(8 / 9);
  });

  test("of opposite features is the negative of the variance", () => {
    const samples = denseSamples(50, 2, (r, f) => (f === 0 ? 1 : -1) * Math.sin(r) * 1e5 + 1e9);
    const { upper } = twoPassCovariance(samples);
    expect(upper[1]).toBeCloseTo(-upper[0]!, 0);
    expect(upper[2]).toBeCloseTo(upper[0]!, 0);
  });

  test("of a constant is exactly 0", () => {
    expect(twoPassCovariance(denseSamples(7, 1, () => 0.1)).upper[0]).toBe(0);
  });
});
