import { fc, test } from "@fast-check/vitest";
import { expect } from "vitest";
import { covarianceDeterminant } from "./covariance-determinant.js";
import { diagonalTrace } from "./diagonal-trace.js";
import { intrinsicDimensionality } from "./intrinsic-dimensionality.js";
import { saturation } from "./saturation.js";

const spectrum = fc.array(fc.double({ min: -1e-12, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 40 });
const threshold = fc.double({ min: 0.01, max: 1, noNaN: true });

test.prop([spectrum, threshold])("k directions carry the share, k − 1 do not", (eigenvalues, share) => {
  const k = intrinsicDimensionality(eigenvalues, share);
  const sorted = eigenvalues.map((value) => Math.max(value, 0)).sort((a, b) => b - a);
  const carried = (count: number): number => sorted.slice(0, count).reduce((sum, value) => sum + value, 0);
  const total = carried(sorted.length);
  const rounding = 2 * sorted.length * Number.EPSILON * total;
  expect(carried(k)).toBeGreaterThanOrEqual(share * total - rounding);
  if (k > 1) expect(carried(k - 1)).toBeLessThanOrEqual(share * total + rounding);
  expect(k === 0).toBe(total === 0);
});

test.prop([spectrum, threshold])(
  "Delve's number is at most the documented one, and at most one less",
  (eigenvalues, share) => {
    const documented = intrinsicDimensionality(eigenvalues, share);
    const delve = intrinsicDimensionality(eigenvalues, share, "delve");
    const sum = (count: number): number => {
      const sorted = eigenvalues.map((value) => Math.max(value, 0)).sort((a, b) => b - a);
      return sorted.slice(0, count).reduce((total, value) => total + value, 0);
    };
    const total = sum(eigenvalues.length);
    const near = eigenvalues.some((_, k) => Math.abs(sum(k + 1) / total - share) < 1e-12);
    fc.pre(!near && total > 1e-290);
    expect(delve).toBe(documented - 1);
  },
);

test.prop([spectrum, fc.integer({ min: -60, max: 60 }), threshold])(
  "scale and order do not matter",
  (eigenvalues, exponent, share) => {
    const scaled = eigenvalues.map((value) => value * 2 ** exponent).reverse();
    fc.pre(eigenvalues.every((value) => value === 0 || Math.abs(value) > 1e-250));
    expect(intrinsicDimensionality(scaled, share)).toBe(intrinsicDimensionality(eigenvalues, share));
  },
);

test.prop([spectrum, threshold])(
  "saturation lies in [0, 1], the trace is not negative",
  (eigenvalues, share) => {
    const value = saturation(eigenvalues, share);
    expect(value).toBeGreaterThanOrEqual(0);
    expect(value).toBeLessThanOrEqual(1);
    expect(diagonalTrace(eigenvalues)).toBeGreaterThanOrEqual(0);
  },
);

test.prop([fc.array(fc.integer({ min: -300, max: 300 }), { minLength: 1, maxLength: 30 })])(
  "the determinant is out of range only if its logarithm is",
  (exponents) => {
    const sum = exponents.reduce((a, b) => a + b, 0);
    const product = covarianceDeterminant(exponents.map((exponent) => 2 ** exponent));
    expect(product).toBe(2 ** sum);
  },
);
