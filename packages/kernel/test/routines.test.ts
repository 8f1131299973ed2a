import { seededRandom } from "@delve/conformance";
import { describe, expect, it } from "vitest";
import { openRoutines } from "./routines.js";

const { kernel, put, get } = openRoutines();
const random = seededRandom(20);
const numbers = (length: number) => Float64Array.from({ length }, () => 2 * random.uniform() - 1);
const sum = (length: number, term: (i: number) => number) =>
  Array.from({ length }, (_, i) => term(i)).reduce((a, b) => a + b, 0);

describe("vectors", () => {
  it.each([4, 8, 36, 256])("ddot, dgemv_n and dgemv_t of %i values", (n) => {
    const rows = 7;
    const [x, y, c] = [numbers(rows * n), numbers(n), numbers(rows)];
    const [atX, atY, atC, out] = [put(x), put(y), put(c), put(numbers(rows))];
    const dots = Array.from({ length: rows }, (_, r) => sum(n, (i) => x[r * n + i]! * y[i]!));
    expect(kernel.ddot(n * 8, atX, atY)).toBeCloseTo(dots[0]!, 12);
    kernel.dgemv_n(rows, n * 8, atX, n * 8, atY, out);
    get(out, rows).forEach((value, r) => {
      expect(value).toBeCloseTo(dots[r]!, 12);
    });
    kernel.dgemv_t(rows, n * 8, atX, n * 8, atC, atY);
    get(atY, n).forEach((value, i) => {
      expect(value).toBeCloseTo(y[i]! - sum(rows, (r) => c[r]! * x[r * n + i]!), 12);
    });
  });
});

describe("dsymv", () => {
  it.each([
    [0, 4],
    [4, 8],
    [0, 12],
    [8, 40],
    [0, 68],
  ])("rows %i to %i, reading the upper triangle only", (from, to) => {
    const lda = to + 8;
    const a = numbers(to * lda);
    for (let i = 0; i < to; i++) a.fill(Number.NaN, i * lda, i * lda + i);
    const x = numbers(to);
    const y = put(new Float64Array(to).fill(7));
    kernel.dsymv(from, to, put(a), lda * 8, put(x), y);
    const element = (i: number, j: number) => a[Math.min(i, j) * lda + Math.max(i, j)]!;
    get(y, to).forEach((value, i) => {
      const expected = i < from ? 7 : sum(to - from, (j) => element(i, from + j) * x[from + j]!);
      expect(value).toBeCloseTo(expected, 12);
    });
  });
});

describe("packed products", () => {
  it("dpack_t is dpack_n of the transposed", () => {
    const [k, x] = [6, numbers(4 * 6)];
    const transposed = Float64Array.from({ length: 24 }, (_, i) => x[(i % 4) * k + Math.floor(i / 4)]!);
    const [one, other] = [put(new Float64Array(24)), put(new Float64Array(24))];
    kernel.dpack_t(k, put(x), k * 8, one);
    kernel.dpack_n(k, 1, 1, put(transposed), 32, other, kernel.sliceBytes(k));
    expect(get(one, 24)).toEqual(get(other, 24));
  });

  // 128 columns are the block that stays in the second-level cache.
  it.each([4, 8, 124, 128, 132, 260])("dsyrk of %i columns", (n) => {
    const [k, tiles] = [5, n / 4];
    const slice = kernel.sliceBytes(k);
    const x = numbers(k * n);
    const packed = kernel.allocate(tiles * slice);
    kernel.dpack_n(k, tiles, 1, put(x), n * 8, packed, slice);
    const length = (tiles * (tiles + 1) * 16) / 2;
    const c = put(new Float64Array(length).fill(0.5));
    kernel.dsyrk(tiles, k, packed, slice, c);
    const got = get(c, length);
    let worst = 0;
    for (let i = 0; i < n; i++) {
      for (let j = i; j < n; j++) {
        const tile = kernel.tileIndex(tiles, i >> 2, j >> 2) * 16;
        const expected = 0.5 + sum(k, (r) => x[r * n + i]! * x[r * n + j]!);
        worst = Math.max(worst, Math.abs(got[tile + (i % 4) * 4 + (j % 4)]! - expected));
      }
    }
    expect(worst).toBeLessThan(1e-14);
    [packed, c].forEach(kernel.release);
  });

  it.each([4, 8, 36])("dsyr of %i columns is dsyrk of one row, times α", (n) => {
    const tiles = n / 4;
    const length = (tiles * (tiles + 1) * 16) / 2;
    const [x, before] = [numbers(n), numbers(length)];
    const [one, other] = [put(before), put(before)];
    kernel.dsyr(tiles, -4, put(x), one);
    kernel.dsyrk(tiles, 1, put(x.map((value) => 2 * value)), 32, other);
    const product = get(other, length).map((value, i) => before[i]! - (value - before[i]!));
    get(one, length).forEach((value, i) => {
      expect(value).toBeCloseTo(product[i]!, 14);
    });
  });

  it.each([4, 124, 128, 140])("dsyr2k of %i columns", (n) => {
    const [k, ld] = [3, n + 4];
    const [v, w, c] = [numbers(k * ld), numbers(k * ld), numbers(n * ld)];
    const at = put(c);
    kernel.dsyr2k(
      n,
      k,
      put(v),
      ld * 8,
      put(w),
      ld * 8,
      at,
      ld * 8,
      kernel.allocate(kernel.dsyr2kBytes(n, k)),
    );
    const got = get(at, n * ld);
    let worst = 0;
    for (let i = 0; i < n; i++) {
      for (let j = i; j < n; j++) {
        const both = sum(k, (r) => v[r * ld + i]! * w[r * ld + j]! + w[r * ld + i]! * v[r * ld + j]!);
        worst = Math.max(worst, Math.abs(got[i * ld + j]! - (c[i * ld + j]! - both)));
      }
    }
    expect(worst).toBeLessThan(1e-14);
  });
});

describe("dlarfg", () => {
  it.each([1, 2, 3, 4, 7])("from element %i: H·x is a multiple of the first unit vector", (from) => {
    const to = 12;
    const x = numbers(to);
    const [row, copy] = [put(x), put(new Float64Array(to).fill(Number.NaN))];
    const tau = kernel.dlarfg(row, from, to, copy);
    const v = get(row, to).subarray(from);
    const dot = sum(v.length, (i) => v[i]! * x[from + i]!);
    v.forEach((vi, i) => {
      expect(x[from + i]! - tau * vi * dot).toBeCloseTo(i === 0 ? kernel.lastBeta() : 0, 14);
    });
    expect(get(row, to).subarray(0, from)).toEqual(x.subarray(0, from));
    expect(get(copy, to).subarray(from)).toEqual(v);
    expect(
      get(copy, from)
        .subarray(from & ~3)
        .every((value) => value === 0),
    ).toBe(true);
  });

  it("leaves a vector that is zero already, and one too small to be trusted", () => {
    for (const rest of [0, 1e-160]) {
      const row = put(Float64Array.of(9, 0.5, rest, rest));
      expect(kernel.dlarfg(row, 1, 4, put(numbers(4)))).toBe(0);
      expect(kernel.lastBeta()).toBe(0.5);
      expect(get(row, 4)).toEqual(Float64Array.of(9, 1, 0, 0));
    }
  });
});

describe("block reflectors", () => {
  it("dlarft: the product of reflectors is I − Vᵀ·T·V", () => {
    const [k, n] = [5, 8];
    const v = numbers(k * n);
    const row = (q: number) => v.subarray(q * n, (q + 1) * n);
    const tau = Float64Array.from({ length: k }, (_, q) => 2 / sum(n, (i) => row(q)[i]! ** 2));
    const at = put(numbers(k * k));
    kernel.dlarft(k, n * 8, put(v), n * 8, put(tau), at, k * 8, put(numbers(k)));
    const t = get(at, k * k);
    const x = numbers(n);
    const product = x.slice();
    for (let q = k - 1; q >= 0; q--) {
      const dot = sum(n, (i) => row(q)[i]! * product[i]!);
      for (let i = 0; i < n; i++) product[i]! -= tau[q]! * dot * row(q)[i]!;
    }
    const dots = Array.from({ length: k }, (_, q) => sum(n, (i) => row(q)[i]! * x[i]!));
    product.forEach((value, i) => {
      const block = sum(k, (p) => row(p)[i]! * sum(k, (q) => t[p * k + q]! * dots[q]!));
      expect(value).toBeCloseTo(x[i]! - block, 12);
    });
  });

  // 256 columns are the depth of one packed slice of Z.
  it.each([4, 12, 256, 260])("dlarfb of %i columns: Z − (Z·Vᵀ)·U", (n) => {
    const [k, ld] = [8, n + 4];
    const [v, u, z] = [numbers(k * ld), numbers(k * ld), numbers(n * ld)];
    const at = put(z);
    const work = kernel.allocate(kernel.dlarfbBytes(n, k));
    kernel.dlarfb(n, k, put(v), ld * 8, put(u), ld * 8, at, ld * 8, work);
    const got = get(at, n * ld);
    let worst = 0;
    for (let i = 0; i < n; i++) {
      const p = Array.from({ length: k }, (_, q) => sum(n, (j) => z[i * ld + j]! * v[q * ld + j]!));
      for (let j = 0; j < n; j++) {
        const expected = z[i * ld + j]! - sum(k, (q) => p[q]! * u[q * ld + j]!);
        worst = Math.max(worst, Math.abs(got[i * ld + j]! - expected));
      }
    }
    expect(worst).toBeLessThan(1e-12);
  });
});

describe("dlasrt", () => {
  it.each([0, 1, 2, 3, 10, 257])("sorts %i values and their order", (n) => {
    const values = numbers(n);
    const order = kernel.allocate(n * 4);
    const view = () => new Int32Array(kernel.memory.buffer, order, n);
    view().set(values.map((_, i) => i));
    const d = put(values);
    kernel.dlasrt(n, d, order);
    expect(get(d, n)).toEqual(values.slice().sort());
    expect(Array.from(view(), (i) => values[i])).toEqual(Array.from(get(d, n)));
  });
});

describe("dsterf", () => {
  it.each([1, 2, 3, 31, 64, 200])("order %i of (−1, 2, −1): 2 − 2 cos(kπ / (n + 1))", (n) => {
    const [d, e] = [put(new Float64Array(n).fill(2)), put(new Float64Array(n).fill(-1))];
    expect(kernel.dsterf(n, d, e)).toBe(0);
    get(d, n)
      .sort()
      .forEach((value, k) => {
        expect(Math.abs(value - (2 - 2 * Math.cos(((k + 1) * Math.PI) / (n + 1))))).toBeLessThan(n * 1e-15);
      });
  });

  it("takes a diagonal of zeros", () => {
    const [d, e] = [put(new Float64Array(3)), put(Float64Array.of(1, 1))];
    expect(kernel.dsterf(3, d, e)).toBe(0);
    const [low, middle, high] = get(d, 3).sort();
    expect(low).toBeCloseTo(-Math.SQRT2, 14);
    expect(middle).toBeCloseTo(0, 14);
    expect(high).toBeCloseTo(Math.SQRT2, 14);
  });
});
