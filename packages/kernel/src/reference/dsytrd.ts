import { dlarfg } from "./dlarfg.js";

/** A = Q T Qᵀ: the tridiagonal T by its diagonals, the orthogonal Q by the reflectors it is the product of. */
export interface Tridiagonal {
  /** Diagonal of T, n values. */
  readonly d: Float64Array;
  /** Off-diagonal of T, n − 1 values. */
  readonly e: Float64Array;
  /** τ of the reflector whose v is row i of the reduced matrix, n values (the first is 0). */
  readonly tau: Float64Array;
}

/**
 * Reduces a symmetric matrix, n × n and row-major, to tridiagonal form by Householder reflectors, from the last row
 * up (LAPACK dsytd2; R. S. Martin, C. Reinsch, J. H. Wilkinson, "Householder's tridiagonalization of a symmetric
 * matrix", 1968). Reads and overwrites the lower triangle: row i is left with the reflector
 * v of i values that annihilated it. The largest element must be near 1.
 *
 * Each step is A ← H A H on the leading i × i block, as a rank-2 update: with p = τ A v and
 * w = p − ½ τ (pᵀv) v it is A − v wᵀ − w vᵀ.
 */
export function dsytrd(n: number, a: Float64Array): Tridiagonal {
  const d = new Float64Array(n);
  const e = new Float64Array(n - 1);
  const tau = new Float64Array(n);
  const w = new Float64Array(n);
  for (let i = n - 1; i > 0; i--) {
    d[i] = a[i * n + i]!;
    const reflector = dlarfg(a, i * n, i);
    e[i - 1] = reflector.beta;
    tau[i] = reflector.tau;
    if (reflector.tau === 0) continue;
    const v = a.subarray(i * n, i * n + i);
    symmetricProduct(n, a, v, w);
    const half = 0.5 * reflector.tau * dot(w, v);
    for (let r = 0; r < i; r++) w[r] = reflector.tau * (w[r]! - half * v[r]!);
    rankTwoUpdate(n, a, v, w);
  }
  d[0] = a[0]!;
  return { d, e, tau };
}

/** w ← A v for the leading block of A, from its lower triangle (BLAS dsymv). */
function symmetricProduct(n: number, a: Float64Array, v: Float64Array, w: Float64Array): void {
  for (let r = 0; r < v.length; r++) {
    const row = r * n;
    const vr = v[r]!;
    let sum = a[row + r]! * vr;
    for (let c = 0; c < r; c++) {
      sum += a[row + c]! * v[c]!;
      w[c] = w[c]! + a[row + c]! * vr;
    }
    w[r] = sum;
  }
}

/** A ← A − v wᵀ − w vᵀ, lower triangle of the leading block (BLAS dsyr2). */
function rankTwoUpdate(n: number, a: Float64Array, v: Float64Array, w: Float64Array): void {
  for (let r = 0; r < v.length; r++) {
    const row = r * n;
    const vr = v[r]!;
    const wr = w[r]!;
    for (let c = 0; c <= r; c++) a[row + c] = a[row + c]! - vr * w[c]! - wr * v[c]!;
  }
}

function dot(x: Float64Array, y: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < y.length; i++) sum += x[i]! * y[i]!;
  return sum;
}
