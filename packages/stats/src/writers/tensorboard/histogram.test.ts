import { fc } from "@fast-check/vitest";
import { expect, test } from "vitest";
import { histogramOf } from "./histogram.js";

test("nothing finite, no histogram", () => {
  expect(histogramOf([])).toBeNull();
  expect(histogramOf([Number.NaN, Infinity])).toBeNull();
});

test("sums and ends", () => {
  expect(histogramOf([3, 1, 0, Number.NaN])).toMatchObject({
    min: 0,
    max: 3,
    count: 3,
    sum: 4,
    sumOfSquares: 10,
  });
});

test("every number lies in its bucket, buckets are narrow and ascending", () => {
  const value = fc.oneof(
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.constantFrom(0, -0, 1, 1.1, 1.1 ** 2, 5e-324, Number.MAX_VALUE, -Number.MAX_VALUE, -1),
  );
  fc.assert(
    fc.property(fc.array(value, { minLength: 1, maxLength: 30 }), (values) => {
      const { limits, counts } = histogramOf(values)!;
      expect(counts.reduce((sum, count) => sum + count, 0)).toBe(values.length);
      for (let b = 0; b < limits.length; b++) {
        const start = limits[b - 1] ?? -Infinity;
        const end = limits[b]!;
        expect(end).toBeGreaterThan(start);
        expect(values.filter((value) => value > start && value <= end)).toHaveLength(counts[b]!);
        const inNormalRange = Math.abs(end) < 1e307 && Math.abs(end) > 1e-289;
        if (counts[b]! > 0 && inNormalRange) expect(Math.abs(end - start)).toBeLessThan(0.11 * Math.abs(end));
      }
    }),
    { numRuns: 300 },
  );
});
