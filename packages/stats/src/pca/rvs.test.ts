import { numpyNormal, oddPcaCases } from "@delve/conformance";
import { fc, test as property } from "@fast-check/vitest";
import { describe, expect, test } from "vitest";
import { rvs } from "./rvs.js";

/** Largest element of QᵀQ − I. */
function departure(q: Float64Array, dim: number): number {
  let worst = 0;
  for (let i = 0; i < dim; i++) {
    for (let j = 0; j < dim; j++) {
      let dot = i === j ? -1 : 0;
      for (let k = 0; k < dim; k++) dot += q[k * dim + i]! * q[k * dim + j]!;
      worst = Math.max(worst, Math.abs(dot));
    }
  }
  return worst;
}

/** By Gaussian elimination with pivots. */
function determinant(matrix: Float64Array, dim: number): number {
  const rows = Array.from({ length: dim }, (_, i) => Array.from(matrix.slice(i * dim, (i + 1) * dim)));
  let product = 1;
  for (let k = 0; k < dim; k++) {
    let pivot = k;
    for (let i = k; i < dim; i++) if (Math.abs(rows[i]![k]!) > Math.abs(rows[pivot]![k]!)) pivot = i;
    if (pivot !== k) {
      [rows[k], rows[pivot]] = [rows[pivot]!, rows[k]!];
      product = -product;
    }
    product *= rows[k]![k]!;
    for (let i = k + 1; i < dim; i++) {
      const factor = rows[i]![k]! / rows[k]![k]!;
      for (let j = k; j < dim; j++) rows[i]![j]! -= factor * rows[k]![j]!;
    }
  }
  return product;
}

describe("rvs", () => {
  property.prop([fc.integer({ min: 1, max: 24 }), fc.maxSafeInteger()])(
    "is orthonormal, of determinant 1",
    (dim, seed) => {
      const q = rvs(dim, { seed });
      const bound = 8 * dim * Number.EPSILON;
      expect(departure(q, dim)).toBeLessThanOrEqual(bound);
      expect(Math.abs(determinant(q, dim) - 1)).toBeLessThanOrEqual(dim * bound);
    },
  );

  test("the same seed, the same matrix; another seed, another one", () => {
    expect(rvs(5, { seed: 3 })).toEqual(rvs(5, { seed: 3 }));
    expect(rvs(5, { seed: 3 })).not.toEqual(rvs(5, { seed: 4 }));
    expect(rvs(5)).not.toEqual(rvs(5));
    expect(rvs()).toHaveLength(9);
  });

  test("each rotation is as likely as any other: elements have mean 0, variance 1/dim, fourth moment 3/(dim(dim+2))", () => {
    const [dim, draws] = [4, 4000];
    const moments = Array.from({ length: dim * dim }, () => [0, 0, 0] as [number, number, number]);
    for (let seed = 0; seed < draws; seed++) {
      for (const [i, value] of rvs(dim, { seed }).entries()) {
        moments[i]![0] += value / draws;
        moments[i]![1] += value ** 2 / draws;
        moments[i]![2] += value ** 4 / draws;
      }
    }
    // Five standard errors: √(variance/draws), of 16 elements and fixed seeds.
    for (const [first, second, fourth] of moments) {
      expect(Math.abs(first)).toBeLessThan(5 * Math.sqrt(1 / dim / draws));
      expect(Math.abs(second - 1 / dim)).toBeLessThan(5 * Math.sqrt(3 / (dim * (dim + 2)) / draws));
      expect(Math.abs(fourth - 3 / (dim * (dim + 2)))).toBeLessThan(5 * Math.sqrt(0.06 / draws));
    }
  });

  test("NumPy's numbers give Delve's matrices (pca/odd, rvs)", () => {
    const { outcome } = oddPcaCases().cases.find(({ name }) => name === "rvs")!;
    const normal = numpyNormal(5);
    for (const { dim, q } of outcome as { dim: number; q: number[][] }[]) {
      const own = rvs(dim, { normal });
      for (const [i, value] of q.flat().entries()) expect(Math.abs(own[i]! - value)).toBeLessThan(1e-14);
    }
  });

  test("survives a source that gives zeros", () => {
    expect(departure(rvs(3, { normal: () => 0 }), 3)).toBe(0);
  });

  test.each([0, -1, 1.5, Number.NaN])("a dimension of %d is refused", (dim) => {
    expect(() => rvs(dim)).toThrow(`rvs: dim must be a positive whole number, got ${dim}`);
  });

  test("a seed that is no whole number, or one beside a source, is refused", () => {
    expect(() => rvs(2, { seed: 0.5 })).toThrow("rvs: seed must be a whole number, got 0.5");
    expect(() => rvs(2, { seed: 1, normal: () => 1 })).toThrow("rvs: seed and normal exclude each other");
  });
});
