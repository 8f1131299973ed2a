import { leadingBytes, NB, padded } from "../blas/blocks";
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
  /** Rows that are reduced before the rest of the matrix is updated. */
  panel: i32;
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

/**
 * Rows in a panel when all of a matrix of order n is reduced. While the matrix is in the second-level cache its
 * updates are cheap, and what a panel costs, products with all of its rows for each of them, weighs more.
 */
export function panelRows(n: f64): i32 {
  return n < 384 ? NB / 4 : n < 1536 ? NB / 2 : NB;
}

/** Bytes of a `Tridiagonal` of order n, its arrays included, with panels of NB rows at most. */
export function dsytrdBytes(n: f64): f64 {
  return 8 * n * n + 1600 * n + 12288;
}

/** Lays a `Tridiagonal` out and returns its end. */
export function dsytrdInit(t: Tridiagonal, n: i32, panel: i32): usize {
  const np = padded(n);
  const row = leadingBytes(np);
  const coefficients = alignUp(<usize>panel << 3);
  t.n = n;
  t.padded = np;
  t.panel = panel;
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
  return alignUp(t.packed + dsyr2kBytes(np, panel));
}

/**
 * Reduces A to tridiagonal form by Householder reflections (LAPACK dsytrd, UPLO='U' of the row-major matrix),
 * a panel of rows at a time: half of the arithmetic is a matrix-vector product for each reflector, the other
 * half one update of rank 2·panel for each panel.
 */
export function dsytrd(t: Tridiagonal): void {
  for (let first = 0; first < t.n; first += t.panel) {
    const next = min(first + t.panel, t.n);
    dlatrd(t, first, next);
    if (next == t.n) return;
    const column = (<usize>next) << 3;
    const v = t.a + <usize>first * t.lda + column;
    const c = t.a + <usize>next * t.lda + column;
    dsyr2k(t.padded - next, t.panel, v, t.lda, t.w + column, t.ldw, c, t.lda, t.packed);
  }
}
