import { seededRandom } from "@delve/conformance";
import { describe, expect, it } from "vitest";
import { openRoutines } from "./routines.js";

const { kernel, put, get } = openRoutines();
const random = seededRandom(20);
const numbers = (length: number) => Float64Array.from({ length }, () => 2 * random.uniform() - 1);
const sum = (length: number, term: (i: number) => number) =>
  Array.from({ length }, (_, i) => term(i)).reduce((a, b) => a + b, 0);

/** The element of a symmetric matrix, tiled upper triangle `tiles` wide, in row i and column j. */
function tiled(tiles: number, c: Float64Array, i: number, j: number): number {
  const [row, column] = i >> 2 <= j >> 2 ? [i, j] : [j, i];
  return c[kernel.tileIndex(tiles, row >> 2, column >> 2) * 16 + (row % 4) * 4 + (column % 4)]!;
}

/** The largest error of an element of `0.5 + XᵀX` for k × n seeded numbers. */
function errorOfDsyrk(n: number, k: number): number {
  const tiles = n / 4;
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
      const expected = sum(k, (r) => x[r * n + i]! * x[r * n + j]!) + 0.5;
      worst = Math.max(worst, Math.abs(tiled(tiles, got, i, j) - expected));
    }
  }
  [packed, c].forEach(kernel.release);
  return worst;
}

/** The largest error of an element of C − VᵀW − WᵀV for seeded numbers, V and W of k rows. */
function errorOfDsyr2k(tiles: number, k: number): number {
  const [n, ld] = [4 * tiles, 4 * tiles + 4];
  const [v, w, c] = [numbers(k * ld), numbers(k * ld), numbers(8 * tiles * (tiles + 1))];
  const [at, work] = [put(c), kernel.allocate(kernel.dsyr2kBytes(tiles, k))];
  kernel.dsyr2k(tiles, k, put(v), ld * 8, put(w), ld * 8, at, work);
  const got = get(at, c.length);
  let worst = 0;
  for (let i = 0; i < n; i++) {
    for (let j = i & ~3; j < n; j++) {
      const both = sum(k, (r) => v[r * ld + i]! * w[r * ld + j]! + w[r * ld + i]! * v[r * ld + j]!);
      worst = Math.max(worst, Math.abs(tiled(tiles, got, i, j) - (tiled(tiles, c, i, j) - both)));
    }
  }
  [at, work].forEach(kernel.release);
  return worst;
}

describe("scanning", () => {
  const bad = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  it.each([
    { array: Float32Array, scan: kernel.allFiniteF32, good: [3.4028234663852886e38, -0, 1e-45], bad },
    { array: Float64Array, scan: kernel.allFiniteF64, good: [1e150, -0, 5e-324], bad: [...bad, -2e150] },
  ])("finds a bad value at every place of $array.name", ({ array, scan, good, bad }) => {
    for (const length of [1, 15, 16, 17, 40]) {
      const at = kernel.allocate(length * 8);
      const values = new array(kernel.memory.buffer, at, length);
      values.forEach((_, i) => {
        values[i] = good[i % good.length]!;
      });
      expect(scan(at, length)).toBe(1);
      for (let i = 0; i < length; i++) {
        const before = values[i]!;
        for (const value of bad) {
          values[i] = value;
          expect(scan(at, length), `${value} at ${i} of ${length}`).toBe(0);
        }
        values[i] = before;
      }
      kernel.release(at);
    }
  });
});

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

describe("tiles", () => {
  it("hold four rows, and give them back", () => {
    const [tiles, ld] = [3, 14];
    const rows = numbers(4 * ld);
    const [packed, back] = [put(numbers(16 * tiles)), put(new Float64Array(4 * ld))];
    kernel.rowsToTiles(tiles, put(rows), ld * 8, packed);
    kernel.tilesToRows(tiles, packed, back, ld * 8);
    const got = get(packed, 16 * tiles);
    const copy = get(back, 4 * ld);
    rows.forEach((value, at) => {
      const [i, j] = [Math.floor(at / ld), at % ld];
      if (j < 4 * tiles) expect(tiled(tiles, got, i, j)).toBe(value);
      expect(copy[at]).toBe(j < 4 * tiles ? value : 0);
    });
  });
});

describe("dsymv", () => {
  it.each([1, 2, 3, 8, 17])("%i tiles wide, those on the diagonal whole", (tiles) => {
    const n = 4 * tiles;
    const a = numbers(8 * tiles * (tiles + 1));
    const symmetric = (i: number, j: number) => tiled(tiles, a, Math.min(i, j), Math.max(i, j));
    for (let i = 0; i < n; i++) {
      const tile = kernel.tileIndex(tiles, i >> 2, i >> 2) * 16;
      for (let j = i & ~3; j < i; j++) a[tile + (i % 4) * 4 + (j % 4)] = symmetric(i, j);
    }
    const x = numbers(n);
    const y = put(new Float64Array(n).fill(7));
    kernel.dsymv(tiles, put(a), put(x), y);
    get(y, n).forEach((value, i) => {
      expect(value).toBeCloseTo(
        sum(n, (j) => symmetric(i, j) * x[j]!),
        12,
      );
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

  it.each([4, 8, 124, 128, 132, 260])("dsyrk of %i columns", (n) => {
    expect(errorOfDsyrk(n, 5)).toBeLessThan(1e-14);
  });

  // 128 columns of a whole panel are the strip that stays in the second-level cache.
  it.each([128, 140])("dsyrk of %i columns and 256 rows", (n) => {
    expect(errorOfDsyrk(n, 256)).toBeLessThan(1e-12);
  });

  // The tile takes eight rows a round.
  it.each(Array.from({ length: 18 }, (_, k) => k))("dsyrk of %i rows", (k) => {
    expect(errorOfDsyrk(12, k)).toBeLessThan(1e-14);
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

  it.each([1, 31, 32, 35])("dsyr2k, %i tiles wide", (tiles) => {
    expect(errorOfDsyr2k(tiles, 3)).toBeLessThan(1e-14);
  });

  it("dsyr2k in strips", () => {
    expect(errorOfDsyr2k(35, 128)).toBeLessThan(1e-13);
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

describe("drot", () => {
  it("turns a pair of vectors", () => {
    const [x, y] = [numbers(6), numbers(6)];
    const [atX, atY] = [put(x), put(y)];
    kernel.drot(48, atX, atY, 0.6, 0.8);
    get(atX, 6).forEach((value, i) => {
      expect(value).toBeCloseTo(0.6 * x[i]! + 0.8 * y[i]!, 14);
    });
    get(atY, 6).forEach((value, i) => {
      expect(value).toBeCloseTo(0.6 * y[i]! - 0.8 * x[i]!, 14);
    });
  });
});

describe("block reflectors", () => {
  // 256 columns are the depth of one packed slice of Z.
  it.each([
    [4, 4, 4],
    [8, 12, 8],
    [12, 256, 8],
    [8, 260, 32],
  ])("dlarfb of %i rows, %i columns: Z·(H₀H₁⋯)ᵀ, %i reflectors", (rows, n, k) => {
    const ld = n + 4;
    const [v, z] = [numbers(k * ld), numbers(rows * ld)];
    const row = (x: Float64Array, i: number) => x.subarray(i * ld, i * ld + n);
    const dot = (x: Float64Array, y: Float64Array) => sum(n, (i) => x[i]! * y[i]!);
    const tau = Float64Array.from({ length: k }, (_, q) => 2 / dot(row(v, q), row(v, q)));
    const at = put(z);
    const work = kernel.allocate(kernel.dlarfbBytes(n, k));
    kernel.dlarfb(rows, n, k, put(v), ld * 8, put(tau), at, ld * 8, work);
    // z·(H₀H₁⋯)ᵀ = z·⋯H₁H₀: the last reflector comes first.
    const expected = z.slice();
    for (let i = 0; i < rows; i++) {
      for (let q = k - 1; q >= 0; q--) {
        const part = tau[q]! * dot(row(expected, i), row(v, q));
        for (let j = 0; j < n; j++) expected[i * ld + j]! -= part * v[q * ld + j]!;
      }
    }
    const worst = get(at, rows * ld).reduce(
      (most, value, i) => Math.max(most, Math.abs(value - expected[i]!)),
      0,
    );
    expect(worst).toBeLessThan(1e-13);
  });

  it("dlarfb leaves Z where all factors are 0", () => {
    const [k, n] = [4, 8];
    const z = numbers(4 * n);
    const at = put(z);
    const work = kernel.allocate(kernel.dlarfbBytes(n, k));
    kernel.dlarfb(4, n, k, put(numbers(k * n)), n * 8, put(new Float64Array(k)), at, n * 8, work);
    expect(get(at, 4 * n)).toEqual(z);
  });
});

describe("dlasrt", () => {
  it.each([0, 1, 2, 3, 10, 257])("sorts %i values and their order", (n) => {
    const values = numbers(n);
    const order = kernel.allocate(n * 4);
    const view = () => new Int32Array(kernel.memory.buffer, order, n);
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

  // Their eigenvalues come in pairs ±λ, and two shifts ±σ would tell no pair from another, for ever.
  it.each([3, 4, 5, 12, 33, 150])("takes a diagonal of %i zeros: 2 cos(kπ / (n + 1))", (n) => {
    const [d, e] = [put(new Float64Array(n)), put(new Float64Array(n).fill(1))];
    expect(kernel.dsterf(n, d, e)).toBe(0);
    get(d, n)
      .sort()
      .forEach((value, k) => {
        expect(Math.abs(value + 2 * Math.cos(((k + 1) * Math.PI) / (n + 1)))).toBeLessThan(n * 1e-15);
      });
  });

  it.each([1, 2, 3, 4])("loses no element where squares leave the range of numbers, try %i", () => {
    const [values, couplings] = [numbers(60), numbers(60)];
    const far = values.map((x, i) => x * 10 ** (-260 * Math.abs(couplings[i]!)));
    const near = couplings.map((x, i) => x * 10 ** (-130 * Math.abs(values[(7 * i) % 60]!)));
    const [d, e] = [put(far), put(near)];
    expect(kernel.dsterf(60, d, e)).toBe(0);
    const found = get(d, 60);
    const trace = (power: (i: number) => number) =>
      Array.from(far, (_, i) => power(i)).reduce((a, b) => a + b);
    expect(Math.abs(trace((i) => found[i]!) - trace((i) => far[i]!))).toBeLessThan(60e-15);
    const squares = trace((i) => far[i]! ** 2 + (i < 59 ? 2 * near[i]! ** 2 : 0));
    expect(Math.abs(trace((i) => found[i]! ** 2) - squares)).toBeLessThan(60e-15 * Math.max(1, squares));
  });
});
