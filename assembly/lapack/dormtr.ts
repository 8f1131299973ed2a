import { put } from "../blas/access";
import { NB, padded } from "../blas/blocks";
import { dlarfb } from "./dlarfb";
import { Tridiagonal } from "./dsytrd";

/**
 * Z ← Z·Qᵀ for the Q = H₀H₁⋯ of A = Q·T·Qᵀ (LAPACK dormtr, SIDE='R', TRANS='T'): eigenvectors of T, one a row, become
 * those of A. The rows of the reduced matrix are destroyed left of their reflectors.
 *
 * NB reflectors at a time, the last ones first.
 */
export function dormtr(t: Tridiagonal, z: usize, ldz: usize, work: usize): void {
  // There are n − 1 reflectors, which those of factor 0 fill up to a multiple of four.
  const last = t.n - 1;
  memory.fill(t.a + <usize>last * t.lda, 0, <usize>t.padded << 3);
  for (let i = last; i < t.padded; ++i) put(t.tau, i, 0);
  for (let p = last & ~(NB - 1); p >= 0; p -= NB) {
    const k = padded(min(NB, last - p));
    const column = (<usize>p) << 3;
    const v = t.a + <usize>p * t.lda + column;
    for (let q = 0; q < k; ++q) memory.fill(v + <usize>q * t.lda, 0, <usize>min(q + 1, t.padded - p) << 3);
    if (k > 0) dlarfb(t.padded, t.padded - p, k, v, t.lda, t.tau + column, z + column, ldz, work);
  }
}
