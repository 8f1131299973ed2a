import { KC, leadingBytes, NB, padded } from "../blas/blocks";
import { dsyr2k, dsyr2kBytes } from "../blas/dsyr2k";
import { alignUp } from "../memory";
import { dlatrd } from "./dlatrd";

/**
 * A symmetric matrix on its way to tridiagonal form, A = Q·T·Qᵀ, Q = H₀H₁⋯. Rows and columns are padded with
 * zeros to a multiple of four.
 */
@unmanaged
export class Tridiagonal {
  n: i32;
  padded: i32;
  /** Rows that are reduced before the rest of the matrix is updated, and the first of those that now are. */
  panel: i32;
  first: i32;
  /**
   * Upper triangle, row by row, `lda` bytes apart; afterwards row p holds reflector p right of the diagonal.
   */
  a: usize;
  lda: usize;
  /** Diagonal of T, its off-diagonal, and the factors of the reflectors. */
  d: usize;
  e: usize;
  tau: usize;
  /** Panel of w vectors, the current v, coefficients, and packed operands. */
  w: usize;
  ldw: usize;
  v: usize;
  c0: usize;
  c1: usize;
  packed: usize;
}

const FIELDS: usize = 64;
/** Rows that an update takes at once: as many as fill slices of KC rows. */
const DEPTH: i32 = KC / 2;

/**
 * Rows in a panel when all of a matrix of order n is reduced. While the matrix is in the second-level cache its
 * updates are cheap, and what a panel costs, products with all of its rows for each of them, weighs more.
 */
export function panelRows(n: f64): i32 {
  return n < 384 ? NB / 4 : n < 1536 ? NB / 2 : NB;
}

/** Bytes of a `Tridiagonal` of order n, its arrays included. */
export function dsytrdBytes(n: f64, panel: f64): f64 {
  const np = n + 3;
  const row = 8 * np + 128;
  const slices = (np / 4) * (min(panel, <f64>DEPTH) * 128 + 256);
  return <f64>FIELDS + np * row + (4 + panel) * row + 2 * (8 * panel + 64) + slices;
}

/** Lays a `Tridiagonal` out and returns its end. */
export function dsytrdInit(t: Tridiagonal, n: i32, panel: i32): usize {
  const np = padded(n);
  const row = leadingBytes(np);
  const coefficients = alignUp(<usize>panel << 3);
  t.n = n;
  t.padded = np;
  t.panel = panel;
  t.first = 0;
  t.lda = row;
  t.ldw = row;
  t.a = changetype<usize>(t) + FIELDS;
  t.d = t.a + <usize>np * row;
  t.e = t.d + row;
  t.tau = t.e + row;
  t.v = t.tau + row;
  t.w = t.v + row;
  t.c0 = t.w + <usize>panel * row;
  t.c1 = t.c0 + coefficients;
  t.packed = t.c1 + coefficients;
  return alignUp(t.packed + dsyr2kBytes(np, min(panel, DEPTH)));
}

/**
 * Reduces A to tridiagonal form by Householder reflections (LAPACK dsytrd, UPLO='U' of the row-major matrix),
 * a panel of rows at a time: half of the arithmetic is a matrix-vector product for each reflector, the other
 * half one update of rank 2·panel for each panel.
 */
export function dsytrd(t: Tridiagonal): void {
  dsytrdRows(t, 0, t.n);
}

/** The same for rows [from, to) only; those before have been reduced. */
export function dsytrdRows(t: Tridiagonal, from: i32, to: i32): void {
  while (from < to) {
    const end = min(t.first + t.panel, t.n);
    const next = min(to, end);
    dlatrd(t, t.first, from, next);
    if (next == end) dsytrdClose(t, next);
    from = next;
  }
}

/** Ends the panel before row `next`, a multiple of four: brings all that follows up to date. */
export function dsytrdClose(t: Tridiagonal, next: i32): void {
  const column = (<usize>next) << 3;
  const c = t.a + <usize>next * t.lda + column;
  for (let p = t.first; p < next && next < t.n; p += DEPTH) {
    const v = t.a + <usize>p * t.lda + column;
    const w = t.w + <usize>(p - t.first) * t.ldw + column;
    dsyr2k(t.padded - next, min(DEPTH, next - p), v, t.lda, w, t.ldw, c, t.lda, t.packed);
  }
  t.first = next;
}
