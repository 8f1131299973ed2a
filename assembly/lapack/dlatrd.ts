import { dsymv } from "../blas/dsymv";
import { ddot, dgemv_n, dgemv_t, dscaxpy } from "../blas/vectors";
import { dlarfg, lastBeta } from "./dlarfg";
import { trailing, Tridiagonal } from "./dsytrd";

/**
 * Reduces rows [first, to) of the upper triangle, of which `v` holds copies, to tridiagonal form and gathers in W
 * what the rest of the matrix still has to be updated with, A ← A − VᵀW − WᵀV (LAPACK dlatrd).
 *
 * Reflector p takes the place of row p right of the diagonal, its leading 1 included. Loops start at the
 * multiple of four before a vector does: v has zeros there, and what w gets there is cleared.
 */
export function dlatrd(t: Tridiagonal, first: i32, to: i32, v: usize): void {
  for (let p = first; p < to; ++p) {
    const row = v + <usize>(p - first) * t.lda;
    updateRow(t, v, p, p - first, row);
    store<f64>(t.d + ((<usize>p) << 3), load<f64>(row + ((<usize>p) << 3)));
    if (p == t.n - 1) return;
    const tau = dlarfg(row, p + 1, t.padded, t.v);
    store<f64>(t.tau + ((<usize>p) << 3), tau);
    store<f64>(t.e + ((<usize>p) << 3), lastBeta());
    computeW(t, v, p, p - first, tau);
  }
}

/** Brings row p up to date with the k reflectors of this panel so far: row − Σ wₚ·v + vₚ·w. */
function updateRow(t: Tridiagonal, v: usize, p: i32, k: i32, row: usize): void {
  const start = (<usize>(p & ~3)) << 3;
  const bytes = ((<usize>t.padded) << 3) - start;
  const column = (<usize>p) << 3;
  gather(k, t.w + column, t.ldw, t.c0);
  gather(k, v + column, t.lda, t.c1);
  dgemv_t(k, bytes, v + start, t.lda, t.c0, row + start);
  dgemv_t(k, bytes, t.w + start, t.ldw, t.c1, row + start);
}

/** w = tau·(A − VᵀW − WᵀV)·v, less the multiple of v that makes the two-sided update symmetric. */
function computeW(t: Tridiagonal, v: usize, p: i32, k: i32, tau: f64): void {
  const from = (p + 1) & ~3;
  const start = (<usize>from) << 3;
  const bytes = ((<usize>t.padded) << 3) - start;
  const w = t.w + <usize>k * t.ldw;
  if (tau == 0) {
    memory.fill(w, 0, (<usize>t.padded) << 3);
    return;
  }
  dsymv((t.padded - from) >> 2, trailing(t, from), t.v + start, w + start);
  dgemv_n(k, bytes, t.w + start, t.ldw, t.v + start, t.c0);
  dgemv_n(k, bytes, v + start, t.lda, t.v + start, t.c1);
  dgemv_t(k, bytes, v + start, t.lda, t.c0, w + start);
  dgemv_t(k, bytes, t.w + start, t.ldw, t.c1, w + start);
  const half = -0.5 * tau * ddot(bytes, w + start, t.v + start);
  dscaxpy(bytes, tau, half, t.v + start, w + start);
  for (let i = start; i <= (<usize>p) << 3; i += 8) store<f64>(w + i, 0);
}

/** k values of a column, next to each other. */
function gather(k: i32, x: usize, ldx: usize, to: usize): void {
  for (; k > 0; --k, x += ldx, to += 8) store<f64>(to, load<f64>(x));
}
