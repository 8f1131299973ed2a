import { NEGLIGIBLE } from "./scaling.js";

/** Sweeps granted for each eigenvalue. Two are usual. */
const MAX_SWEEPS = 60;

/**
 * Eigenvalues of a symmetric tridiagonal matrix by the implicit QL method with Wilkinson's shift (LAPACK dsteqr;
 * B. N. Parlett, "The Symmetric Eigenvalue Problem", chapter 8). `d` is overwritten with them, unsorted, `e` with zeros.
 * The rows of `zt`, if given, are rotated along: the rows of Qᵀ become the eigenvectors of Q T Qᵀ.
 *
 * Returns LAPACK's info: 0, or the number of off-diagonals that did not vanish.
 */
export function dsteqr(n: number, d: Float64Array, e: Float64Array, zt: Float64Array | null): number {
  let sweepsLeft = MAX_SWEEPS * n;
  let first = 0;
  while (first < n - 1) {
    const last = blockEnd(first, d, e);
    if (last === first) {
      first++;
    } else {
      if (sweepsLeft-- === 0) return e.filter((value) => value !== 0).length;
      sweep(n, first, last, d, e, zt);
    }
  }
  return 0;
}

/** Last index of the unreduced block that begins at `first`; the off-diagonal behind it is set to zero. */
function blockEnd(first: number, d: Float64Array, e: Float64Array): number {
  let last = first;
  while (last < e.length && !negligible(e[last]!, d[last]!, d[last + 1]!)) last++;
  if (last < e.length) e[last] = 0;
  return last;
}

/**
 * Measured by both of its neighbours, so that the small end of a graded matrix keeps its digits (J. Demmel,
 * W. Kahan, 1990).
 */
function negligible(e: number, above: number, below: number): boolean {
  const size = Math.abs(e);
  return (
    size <= NEGLIGIBLE || size <= Number.EPSILON * Math.sqrt(Math.abs(above)) * Math.sqrt(Math.abs(below))
  );
}

/**
 * One QL step on the block `first..last`: T ← Gᵀ T G, where the rotations G make T − σI lower triangular. The last
 * one is known from the last column of T − σI; it raises a bulge two places off the diagonal, which the others chase up and out.
 */
function sweep(
  n: number,
  first: number,
  last: number,
  d: Float64Array,
  e: Float64Array,
  zt: Float64Array | null,
): void {
  let x = d[last]! - wilkinsonShift(d[first]!, d[first + 1]!, e[first]!);
  let bulge = e[last - 1]!;
  for (let i = last - 1; i >= first; i--) {
    // The rotation of the plane (i, i + 1) that maps (bulge, x) to (0, r).
    // The bulge alone carries the shift on. It may be a product of two off-diagonals, down to 2^−1000: taken for zero, or
    // squared, it would lose the shift, and the sweep would change nothing.
    const still = bulge === 0;
    const r = still ? x : Math.hypot(x, bulge);
    const c = still ? 1 : x / r;
    const s = still ? 0 : bulge / r;
    if (i + 1 < last) e[i + 1] = r;
    // The 2 × 2 block it meets on the diagonal.
    const w = s * (d[i]! - d[i + 1]!) + 2 * c * e[i]!;
    d[i] = d[i]! - s * w;
    d[i + 1] = d[i + 1]! + s * w;
    e[i] = c * w - e[i]!;
    if (zt !== null && !still) rotateRows(n, zt, i, c, s);
    if (i > first) {
      x = e[i]!;
      bulge = s * e[i - 1]!;
      e[i - 1] = c * e[i - 1]!;
    }
  }
}

/** The eigenvalue of [[a, e], [e, b]] that is closer to a. */
function wilkinsonShift(a: number, b: number, e: number): number {
  const g = (b - a) / (2 * e);
  const root = Math.sqrt(g * g + 1);
  return a - e / (g >= 0 ? g + root : g - root);
}

/** Rows i and i + 1 of `zt`, rotated (BLAS drot). */
function rotateRows(n: number, zt: Float64Array, i: number, c: number, s: number): void {
  const upper = i * n;
  const lower = upper + n;
  for (let k = 0; k < n; k++) {
    const u = zt[upper + k]!;
    const l = zt[lower + k]!;
    zt[upper + k] = c * u - s * l;
    zt[lower + k] = s * u + c * l;
  }
}
