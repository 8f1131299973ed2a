import { describe, expect, test } from "vitest";
import { dsteqr } from "./dsteqr.js";

describe("dsteqr", () => {
  test("of (−1, 2, −1)", () => {
    const n = 50;
    const d = new Float64Array(n).fill(2);
    const e = new Float64Array(n - 1).fill(-1);
    expect(dsteqr(n, d, e, null)).toBe(0);
    d.sort().forEach((value, k) => {
      expect(Math.abs(value - (2 - 2 * Math.cos(((k + 1) * Math.PI) / (n + 1))))).toBeLessThan(1e-14);
    });
    expect(e).toEqual(new Float64Array(n - 1));
  });

  test("leaves a diagonal matrix as it is", () => {
    const d = Float64Array.of(3, -1, 0, 2);
    const z = Float64Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16);
    const kept = z.slice();
    expect(dsteqr(4, d, new Float64Array(3), z)).toBe(0);
    expect(d).toEqual(Float64Array.of(3, -1, 0, 2));
    expect(z).toEqual(kept);
  });

  test("gives the same values with vectors and without", () => {
    const d = Float64Array.of(1, 5, -2, 8, 3);
    const e = Float64Array.of(2, 0.5, -3, 1);
    const [alone, along] = [d.slice(), d.slice()];
    dsteqr(5, alone, e.slice(), null);
    dsteqr(5, along, e.slice(), new Float64Array(25));
    expect(along).toEqual(alone);
  });

  test("keeps the small eigenvalues of a graded matrix", () => {
    // Eigenvalues of a 2 × 2 block far below the norm, to full relative accuracy.
    const d = Float64Array.of(2e-30, 2e-30, 1);
    const e = Float64Array.of(1e-30, 0);
    dsteqr(3, d, e, null);
    const [small, middle, large] = d.sort();
    expect(small! / 1e-30).toBeCloseTo(1, 14);
    expect(middle! / 3e-30).toBeCloseTo(1, 14);
    expect(large).toBe(1);
  });

  // The bulge, the product of two small off-diagonals, is all that carries the shift past the lower of them.
  test.each([
    { d: [2, 0, 1], e: [-2.7e-136, 1e-17] },
    { d: [1, 3.7e-261, 2], e: [1e-17, -2.7e-136] },
    { d: [1, 0, 2, 0, 3], e: [1e-17, 1e-140, 1e-17, 1e-140] },
    { d: [0.5, 1e-290, 1], e: [1e-20, 1e-149] },
  ])("converges where couplings of $e meet", ({ d, e }) => {
    const expected = Float64Array.from(d).sort();
    const values = Float64Array.from(d);
    const z = Float64Array.from({ length: d.length ** 2 }, (_, k) => (k % (d.length + 1) === 0 ? 1 : 0));
    expect(dsteqr(d.length, values, Float64Array.from(e), z)).toBe(0);
    values.sort().forEach((value, k) => {
      expect(Math.abs(value - expected[k]!)).toBeLessThan(1e-16);
    });
    for (const value of z) expect(Math.abs(value - Math.round(value))).toBeLessThan(1e-15);
  });

  test("reports what did not converge instead of going on for ever", () => {
    const d = Float64Array.of(1, Number.NaN, 2);
    expect(dsteqr(3, d, Float64Array.of(1, 1), null)).toBeGreaterThan(0);
  });
});
