import { withSpectrum } from "@delve/conformance";
import { describe, expect, it } from "vitest";
import { loadKernel } from "../load.js";
import { packUpper, type SymmetricMatrix } from "../symmetric-matrix.js";

const ORDER = 240;
const power = (exponent: number, order = ORDER) =>
  Array.from({ length: order }, (_, i) => (i + 1) ** -exponent);
const backend = await loadKernel();

/** The least number of all eigenvalues whose share reaches the threshold. */
function fullCount(a: SymmetricMatrix, threshold: number): number {
  const values = backend.eigvalsh(a).reverse();
  const total = values.reduce((sum, x) => sum + x, 0);
  let carried = 0;
  return values.findIndex((x) => (carried += x) / total >= threshold) + 1;
}

describe("the short cut", () => {
  it.each([
    ["a steep spectrum", power(3), ORDER],
    ["an exponential spectrum", power(0).map((_, i) => Math.exp(-i / 8)), ORDER],
    ["spikes over noise", power(0).map((_, i) => (i < 3 ? 1e4 - i : 1)), ORDER],
    ["a flat spectrum of a known low rank", power(0).map((_, i) => (i < 25 ? 1 + i / 25 : 0)), 25],
  ])("is taken for %s", (_, spectrum, rank) => {
    const a = withSpectrum(spectrum);
    const { values, complete } = backend.topSpectrum(a, 0.99, rank);
    expect(complete).toBe(false);
    expect(values).toHaveLength(fullCount(a, 0.99));
    const all = backend.eigvalsh(a).reverse();
    // What is found from below is good for a small part of the last value that counts.
    values.forEach((value, k) => {
      expect(Math.abs(value - all[k]!)).toBeLessThan(all[values.length - 1]! / 2);
    });
  });

  it("is not taken where it does not pay", () => {
    for (const spectrum of [power(0), power(0.5), power(1), power(1.7), power(3, 40)]) {
      const a = withSpectrum(spectrum);
      const { values, complete } = backend.topSpectrum(a, 0.99);
      expect(complete).toBe(true);
      expect(values).toHaveLength(a.order);
    }
  });

  it("is not taken for a matrix that has negative eigenvalues", () => {
    const a = withSpectrum(power(3).map((x, i) => (i === 200 ? -0.5 : x)));
    expect(backend.topSpectrum(a, 0.9)).toEqual({ values: backend.eigvalsh(a).reverse(), complete: true });
  });

  it("gives memory back", () => {
    const a = withSpectrum(power(3));
    backend.topSpectrum(a, 0.99);
    const size = backend.memorySize;
    for (let i = 0; i < 50; i++) backend.topSpectrum(a, i % 2 ? 0.99 : 1);
    expect(backend.memorySize).toBe(size);
  });

  it("falls back where there is no memory for it", async () => {
    const small = await loadKernel({ maxMemory: 2 ** 20 });
    const a = withSpectrum(power(3));
    const all = small.eigvalsh(a).reverse();
    expect(small.topSpectrum(a, 0.99)).toEqual({ values: all, complete: true });
  });
});

describe("a cluster where the share reaches the threshold", () => {
  // Values of the spectrum i⁻² or i⁻³ from `first` on, made one and the same.
  const plateau = (exponent: number, first: number, length: number) =>
    power(exponent).map((value, i) => (i >= first && i < first + length ? (first + 1) ** -exponent : value));

  it.each([
    [2.5, 6, 12],
    [2.5, 10, 30],
    [3, 1, 9],
    [3, 4, 20],
    [4, 1, 40],
  ])("i^-%f with equal values from %i on is counted as by all eigenvalues", (exponent, first, length) => {
    const values = plateau(exponent, first, length);
    const total = values.reduce((sum, x) => sum + x, 0);
    let carried = 0;
    const shares = values.slice(0, first + length).map((x) => (carried += x) / total);
    // Between two shares, and within a hair of one: where the count turns.
    for (const k of [first, first + 1, first + (length >> 1), first + length - 1]) {
      for (const threshold of [shares[k]! - values[k]! / total / 2, shares[k]! - 1e-9, shares[k]! + 1e-9]) {
        const a = withSpectrum(values);
        const { values: found, complete } = backend.topSpectrum(a, threshold);
        if (!complete) expect(found).toHaveLength(fullCount(a, threshold));
      }
    }
  });
});

/** The vector that the kernel starts with: a fixed sequence of pseudo-random numbers. */
function startVector(order: number): Float64Array {
  let random = 1n;
  return Float64Array.from({ length: order }, () => {
    random = BigInt.asUintN(64, random * 6364136223846793005n + 1442695040888963407n);
    return Number(BigInt.asIntN(64, random)) / 2 ** 63;
  });
}

const dot = (x: Float64Array, y: Float64Array) => x.reduce((sum, xi, i) => sum + xi * y[i]!, 0);

describe("a dominant direction that the start vector has no part in", () => {
  const start = startVector(ORDER);
  const u = startVector(ORDER + 1).subarray(1);
  const along = dot(u, start) / dot(start, start);
  const hidden = u.map((ui, i) => ui - along * start[i]!);
  const norm = dot(hidden, hidden);

  /** A matrix of this spectrum with `hidden` among its eigenvectors, its eigenvalue replaced by `value`. */
  function withHidden(spectrum: number[], value: number): SymmetricMatrix {
    const n = ORDER;
    const { upper } = withSpectrum(spectrum);
    const dense = new Float64Array(n * n);
    for (let i = 0, p = 0; i < n; i++)
      for (let j = i; j < n; j++, p++) dense[i * n + j] = dense[j * n + i] = upper[p]!;
    const image = hidden.map((_, i) => dot(hidden, dense.subarray(i * n, (i + 1) * n)) / norm);
    const both = dot(hidden, image) / norm;
    return packUpper(
      dense.map((x, at) => {
        const [i, j] = [Math.floor(at / n), at % n];
        const projected = image[i]! * hidden[j]! + hidden[i]! * image[j]! - both * hidden[i]! * hidden[j]!;
        return x - projected + (value * hidden[i]! * hidden[j]!) / norm;
      }),
      n,
    );
  }

  it.each([1, 0.3, 0.1, 0.03, 0.01, 0.005, 0.002])("of variance %f is counted all the same", (value) => {
    for (const exponent of [2, 3, 4]) {
      const a = withHidden(power(exponent), value);
      for (const threshold of [0.6, 0.9, 0.95, 0.99, 0.995]) {
        const { values, complete } = backend.topSpectrum(a, threshold);
        if (!complete) expect(values).toHaveLength(fullCount(a, threshold));
      }
    }
  });
});
