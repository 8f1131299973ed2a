import { ShapeError } from "./errors.js";

/**
 * A real symmetric matrix by its upper triangle, packed row by row: element (i, j), i ≤ j, is
 * `upper[i·order − i·(i − 1)/2 + (j − i)]`. The scatter matrix of a `MomentsState` has this form.
 */
export interface SymmetricMatrix {
  readonly order: number;
  readonly upper: Float64Array;
}

/**
 * Number of elements in the packed triangle of a symmetric matrix: order·(order + 1)/2.
 *
 * @example
 * packedLength(3); // 6
 */
export function packedLength(order: number): number {
  return (order * (order + 1)) / 2;
}

/**
 * Symmetric matrix from the upper triangle of a row-major order × order array; the lower triangle is not read.
 *
 * @throws {ShapeError} If `order` is not a positive integer or `dense` has not order² elements.
 * @example
 * packUpper([2, 1, 1, 3], 2); // { order: 2, upper: Float64Array [2, 1, 3] }
 */
export function packUpper(dense: ArrayLike<number>, order: number): SymmetricMatrix {
  if (!Number.isInteger(order) || order < 1) {
    throw new ShapeError(`packUpper: order must be a positive integer, got ${order}`);
  }
  if (dense.length !== order * order) {
    throw new ShapeError(`packUpper: needs ${order} × ${order} elements, got ${dense.length}`);
  }
  const upper = new Float64Array(packedLength(order));
  let p = 0;
  for (let i = 0; i < order; i++) {
    for (let j = i; j < order; j++) upper[p++] = dense[i * order + j]!;
  }
  return { order, upper };
}

/**
 * All order² elements of a symmetric matrix, row-major, both triangles filled.
 *
 * @example
 * unpackUpper({ order: 2, upper: Float64Array.of(2, 1, 3) }); // Float64Array [2, 1, 1, 3]
 */
export function unpackUpper(a: SymmetricMatrix): Float64Array {
  const { order, upper } = a;
  const dense = new Float64Array(order * order);
  let p = 0;
  for (let i = 0; i < order; i++) {
    for (let j = i; j < order; j++) {
      dense[i * order + j] = upper[p]!;
      dense[j * order + i] = upper[p++]!;
    }
  }
  return dense;
}

/**
 * Diagonal of a symmetric matrix; of a covariance, the variance of every feature.
 *
 * @example
 * diagonal({ order: 2, upper: Float64Array.of(2, 1, 3) }); // Float64Array [2, 3]
 */
export function diagonal(a: SymmetricMatrix): Float64Array {
  const values = new Float64Array(a.order);
  for (let i = 0, p = 0; i < a.order; p += a.order - i, i++) values[i] = a.upper[p]!;
  return values;
}

/**
 * Sum of the diagonal of a symmetric matrix, which is the sum of its eigenvalues; of a covariance, the total
 * variance.
 *
 * @example
 * trace({ order: 2, upper: Float64Array.of(2, 1, 3) }); // 5
 */
export function trace(a: SymmetricMatrix): number {
  let sum = 0;
  for (const value of diagonal(a)) sum += value;
  return sum;
}

/** upper ← upper + weight·x xᵀ, on the packed triangle (BLAS dspr). */
export function addOuterProduct(upper: Float64Array, x: Float64Array, weight: number): void {
  for (let i = 0, p = 0; i < x.length; i++) {
    const weighted = weight * x[i]!;
    for (let j = i; j < x.length; j++, p++) upper[p] = upper[p]! + weighted * x[j]!;
  }
}
