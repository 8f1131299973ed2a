import { type Eigh, packUpper, type SymmetricMatrix, unpackUpper } from "@delve/kernel";
import { type Random, seededRandom } from "./random.js";

/** The symmetric matrix whose element (i, j), i ≤ j, is `value(i, j)`. */
export function symmetricMatrix(order: number, value: (i: number, j: number) => number): SymmetricMatrix {
  const dense = Float64Array.from({ length: order * order }, (_, at) => {
    const [i, j] = [Math.floor(at / order), at % order];
    return i <= j ? value(i, j) : 0;
  });
  return packUpper(dense, order);
}

/** Elements of the standard normal distribution. */
export function randomSymmetric(order: number, random: Random): SymmetricMatrix {
  return symmetricMatrix(order, () => random.normal());
}

/** A full matrix with these eigenvalues up to rounding: D, reflected at two planes. */
export function withSpectrum(eigenvalues: readonly number[]): SymmetricMatrix {
  const n = eigenvalues.length;
  const dense = new Float64Array(n * n);
  eigenvalues.forEach((value, i) => {
    dense[i * n + i] = value;
  });
  const random = seededRandom(n);
  for (let reflection = 0; reflection < 2; reflection++) {
    const v = Float64Array.from({ length: n }, () => random.normal());
    reflectBothSides(dense, v);
  }
  return packUpper(dense, n);
}

/** A ← H A H with H = I − 2 v vᵀ/(vᵀv). */
function reflectBothSides(dense: Float64Array, v: Float64Array): void {
  const n = v.length;
  const scale = 2 / v.reduce((sum, x) => sum + x * x, 0);
  for (const [major, minor] of [
    [n, 1],
    [1, n],
  ] as const) {
    for (let i = 0; i < n; i++) {
      let sum = 0;
      for (let j = 0; j < n; j++) sum += dense[i * major + j * minor]! * v[j]!;
      for (let j = 0; j < n; j++)
        dense[i * major + j * minor] = dense[i * major + j * minor]! - scale * sum * v[j]!;
    }
  }
}

/** Largest magnitude of an element. */
export function largest(values: ArrayLike<number>): number {
  let max = 0;
  for (let i = 0; i < values.length; i++) max = Math.max(max, Math.abs(values[i]!));
  return max;
}

/** The same matrix with features in another order: element (i, j) is that of (order[i], order[j]) before. */
export function permuteSymmetric(a: SymmetricMatrix, order: readonly number[]): SymmetricMatrix {
  const dense = unpackUpper(a);
  return symmetricMatrix(a.order, (i, j) => dense[order[i]! * a.order + order[j]!]!);
}

/**
 * Largest element of A V − V Λ, in units of 2^`exponent`: products with elements near the largest or the smallest
 * numbers would overflow or vanish, those of 2^−exponent·A and 2^−exponent·λ do not.
 */
export function residual(a: SymmetricMatrix, { values, vectors }: Eigh, exponent: number): number {
  const n = a.order;
  const dense = unpackUpper(a).map((value) => timesPowerOfTwo(value, -exponent));
  const lambda = values.map((value) => timesPowerOfTwo(value, -exponent));
  let worst = 0;
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < n; k++) {
      let sum = -lambda[k]! * vectors[i * n + k]!;
      for (let j = 0; j < n; j++) sum += dense[i * n + j]! * vectors[j * n + k]!;
      worst = Math.max(worst, Math.abs(sum));
    }
  }
  return worst;
}

/** Largest element of VᵀV − I. */
export function departureFromOrthogonality(vectors: Float64Array, order: number): number {
  let worst = 0;
  for (let k = 0; k < order; k++) {
    for (let l = k; l < order; l++) {
      let sum = k === l ? -1 : 0;
      for (let i = 0; i < order; i++) sum += vectors[i * order + k]! * vectors[i * order + l]!;
      worst = Math.max(worst, Math.abs(sum));
    }
  }
  return worst;
}

/** The exponent of the power of two just below the largest element; 0 for a zero matrix. */
export function exponentOf(a: SymmetricMatrix): number {
  const norm = largest(a.upper);
  return norm === 0 ? 0 : Math.floor(Math.log2(norm));
}

/** value · 2^exponent, also where 2^exponent itself is no float64. */
export function timesPowerOfTwo(value: number, exponent: number): number {
  const half = Math.trunc(exponent / 2);
  return value * 2 ** half * 2 ** (exponent - half);
}
