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
const COEFFICIENTS: usize = <usize>NB * 8;

/** Bytes of a `Tridiagonal` of order n, its arrays included. */
export function dsytrdBytes(n: f64): f64 {
  const np = n + 3;
  const row = 8 * np + 128;
  const slices = (np / 4) * (<f64>NB * 128 + 256);
  return <f64>FIELDS + np * row + (4 + <f64>NB) * row + 2 * <f64>COEFFICIENTS + slices;
}

/** Lays a `Tridiagonal` out and returns its end. */
export function dsytrdInit(t: Tridiagonal, n: i32): usize {
  const np = padded(n);
  const row = leadingBytes(np);
  t.n = n;
  t.padded = np;
  t.lda = row;
  t.ldw = row;
  t.a = changetype<usize>(t) + FIELDS;
  t.d = t.a + <usize>np * row;
  t.e = t.d + row;
  t.tau = t.e + row;
  t.v = t.tau + row;
  t.w = t.v + row;
  t.c0 = t.w + <usize>NB * row;
  t.c1 = t.c0 + COEFFICIENTS;
  t.packed = t.c1 + COEFFICIENTS;
  return alignUp(t.packed + dsyr2kBytes(np, NB));
}

/**
 * Reduces A to tridiagonal form by Householder reflections (LAPACK dsytrd, UPLO='U' of the row-major matrix),
 * NB rows at a time: half of the arithmetic is a matrix-vector product for each reflector, the other half one
 * update of rank 2·NB for each panel.
 */
export function dsytrd(t: Tridiagonal): void {
  memory.fill(t.w, 0, <usize>NB * t.ldw);
  for (let p = 0; p < t.n; p += NB) {
    const next = min(p + NB, t.n);
    dlatrd(t, p, next);
    if (next < t.n) updateRest(t, p, next);
  }
}

function updateRest(t: Tridiagonal, p: i32, next: i32): void {
  const column = (<usize>next) << 3;
  const c = t.a + <usize>next * t.lda + column;
  dsyr2k(
    t.padded - next,
    NB,
    t.a + <usize>p * t.lda + column,
    t.lda,
    t.w + column,
    t.ldw,
    c,
    t.lda,
    t.packed,
  );
}
