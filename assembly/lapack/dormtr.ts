import { NB, padded } from "../blas/blocks";
import { dlarfb, dlarfbBytes } from "./dlarfb";
import { Tridiagonal } from "./dsytrd";

/** Bytes that `dormtr` needs for order n. */
export function dormtrBytes(n: i32): usize {
  return dlarfbBytes(padded(n), NB);
}

/**
 * Z ← Z·Qᵀ for the Q = H₀H₁⋯ of A = Q·T·Qᵀ (LAPACK dormtr, SIDE='R', TRANS='T'): eigenvectors of T, one a row, become
 * those of A. The rows of the reduced matrix are destroyed left of their reflectors.
 *
 * NB reflectors at a time, the last ones first.
 */
export function dormtr(t: Tridiagonal, z: usize, ldz: usize, work: usize): void {
  for (let p = (t.n - 1) & ~(NB - 1); p >= 0; p -= NB) {
    const k = padded(min(NB, t.n - 1 - p));
    const column = (<usize>p) << 3;
    for (let q = 0; q < k; ++q) clearBefore(t, p, p + q);
    const v = t.a + <usize>p * t.lda + column;
    if (k > 0) dlarfb(t.padded, t.padded - p, k, v, t.lda, t.tau + column, z + column, ldz, work);
  }
}

/**
 * Makes row q of the block a whole reflector: zeros before its 1, and all of it where there is no reflector
 * q.
 */
function clearBefore(t: Tridiagonal, p: i32, q: i32): void {
  const exists = q < t.n - 1;
  const to = exists ? q + 1 : t.padded;
  memory.fill(t.a + <usize>q * t.lda + ((<usize>p) << 3), 0, (<usize>(to - p)) << 3);
  if (!exists) store<f64>(t.tau + ((<usize>q) << 3), 0);
}
