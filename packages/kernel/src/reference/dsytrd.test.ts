import { randomSymmetric, seededRandom } from "@delve/conformance";
import { describe, expect, test } from "vitest";
import { unpackUpper } from "../symmetric-matrix.js";
import { dlarfg } from "./dlarfg.js";
import { dorgtr } from "./dorgtr.js";
import { dsytrd } from "./dsytrd.js";

describe("dlarfg", () => {
  test.each([
    ["a positive last element", [3, 0, 4], -5],
    ["a negative last element", [3, 0, -4], 5],
    ["a zero last element", [3, 4, 0], 5],
  ])("maps a vector with %s to (0, 0, β)", (_, values, expected) => {
    const x = Float64Array.of(99, ...values, 99);
    const { tau, beta } = dlarfg(x, 1, 3);
    expect(beta).toBeCloseTo(expected, 14);
    const v = x.subarray(1, 4);
    expect(v[2]).toBe(1);
    const projection = tau * v.reduce((sum, value, i) => sum + value * values[i]!, 0);
    const mapped = values.map((value, i) => value - projection * v[i]!);
    expect(mapped[0]).toBeCloseTo(0, 14);
    expect(mapped[1]).toBeCloseTo(0, 14);
    expect(mapped[2]).toBeCloseTo(expected, 14);
    expect([x[0], x[4]]).toEqual([99, 99]);
  });

  test("is the identity where there is nothing to annihilate", () => {
    for (const values of [[0, 0, 7], [2 ** -600, 0, 7], [7]]) {
      const x = Float64Array.from(values);
      expect(dlarfg(x, 0, x.length)).toEqual({ tau: 0, beta: 7 });
    }
  });
});

/** Q T Qᵀ, row-major. */
function reassemble(n: number, qt: Float64Array, d: Float64Array, e: Float64Array): Float64Array {
  const t = (i: number, j: number) => (i === j ? d[i]! : Math.abs(i - j) === 1 ? e[Math.min(i, j)]! : 0);
  const product = new Float64Array(n * n);
  for (let r = 0; r < n; r++) {
    for (let c = 0; c < n; c++) {
      let sum = 0;
      for (let i = 0; i < n; i++) {
        for (let j = Math.max(0, i - 1); j < Math.min(n, i + 2); j++) {
          sum += qt[i * n + r]! * t(i, j) * qt[j * n + c]!;
        }
      }
      product[r * n + c] = sum;
    }
  }
  return product;
}

describe("dsytrd and dorgtr", () => {
  test.each([1, 2, 3, 10, 33])("factor a matrix of order %i into Q T Qᵀ", (n) => {
    const dense = unpackUpper(randomSymmetric(n, seededRandom(n)));
    const work = dense.slice();
    const { d, e, tau } = dsytrd(n, work);
    const product = reassemble(n, dorgtr(n, work, tau), d, e);
    for (let i = 0; i < n * n; i++) expect(Math.abs(product[i]! - dense[i]!)).toBeLessThan(2e-15 * n);
  });

  test("leave a tridiagonal matrix up to signs", () => {
    const { d, e } = dsytrd(3, Float64Array.of(1, 4, 0, 4, 2, 5, 0, 5, 3));
    expect(d).toEqual(Float64Array.of(1, 2, 3));
    expect(e.map(Math.abs)).toEqual(Float64Array.of(4, 5));
  });

  test("read the lower triangle alone", () => {
    const lower = Float64Array.of(1, Number.NaN, Number.NaN, 4, 2, Number.NaN, 1, 5, 3);
    const { d, e } = dsytrd(3, lower);
    expect([...d, ...e].every(Number.isFinite)).toBe(true);
  });
});
