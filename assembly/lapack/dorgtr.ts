import { leadingBytes, NB, padded, sliceBytes } from "../blas/blocks";
import { dgemv_t } from "../blas/vectors";
import { dlarfb, dlarfbBytes } from "./dlarfb";
import { dlarft } from "./dlarft";
import { Tridiagonal } from "./dsytrd";

const LDT: usize = <usize>NB * 8;

/** Bytes that `dorgtr` needs at most for order n: U, T, dots, coefficients, and what dlarfb needs. */
export function dorgtrBytes(n: f64): f64 {
  const np = n + 3;
  const packed = (<f64>NB / 4) * (32 * np + 128) + (np / 4) * <f64>sliceBytes(NB) + 65536;
  return <f64>NB * (8 * np + 128) + <f64>LDT * (<f64>NB + 2) + packed;
}

/**
 * The transposed of Q = H₀H₁⋯, A = Q·T·Qᵀ (LAPACK dorgtr), row by row into z, `ldz` bytes apart. The rows of
 * the reduced matrix are destroyed left of their reflectors.
 *
 * Backward accumulation, Qᵀ ← Qᵀ·Bᵀ for the blocks B of NB reflectors, last one first: until its turn a block
 * meets rows that are still those of the identity, so only the last rows and columns take part.
 */
export function dorgtr(t: Tridiagonal, z: usize, ldz: usize, work: usize): void {
  setIdentity(t.padded, z, ldz);
  for (let p = (t.n - 1) & ~(NB - 1); p >= 0; p -= NB) {
    const k = padded(min(NB, t.n - 1 - p));
    if (k > 0) applyBlock(t, p, k, z, ldz, work);
  }
}

function applyBlock(t: Tridiagonal, p: i32, k: i32, z: usize, ldz: usize, work: usize): void {
  const ldu = leadingBytes(t.padded);
  const factor = work + <usize>NB * ldu;
  const dots = factor + <usize>NB * LDT;
  const column = (<usize>p) << 3;
  const columns = t.padded - p;
  const v = t.a + <usize>p * t.lda + column;
  for (let q = 0; q < k; ++q) clearBefore(t, p, p + q);
  dlarft(k, (<usize>columns) << 3, v, t.lda, t.tau + column, factor, LDT, dots);
  computeU(k, (<usize>columns) << 3, v, t.lda, factor, work, ldu, dots);
  dlarfb(columns, k, v, t.lda, work, ldu, z + <usize>p * ldz + column, ldz, dots + LDT);
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

/** U = Tᵀ·V: row q is Σ T₍ᵢ,q₎·vᵢ over i ≤ q. */
function computeU(
  k: i32,
  bytes: usize,
  v: usize,
  ldv: usize,
  factor: usize,
  u: usize,
  ldu: usize,
  coefficients: usize,
  
): void {
  for (let q = 0; q < k; ++q, u += ldu) {
    for (let i = 0; i <= q; ++i) {
      store<f64>(coefficients + ((<usize>i) << 3), -load<f64>(factor + <usize>i * LDT + ((<usize>q) << 3)));
    }
    memory.fill(u, 0, bytes);
    dgemv_t(q + 1, bytes, v, ldv, coefficients, u);
  }
}

function setIdentity(n: i32, z: usize, ldz: usize): void {
  for (let i = 0; i < n; ++i, z += ldz) {
    memory.fill(z, 0, (<usize>n) << 3);
    store<f64>(z + ((<usize>i) << 3), 1);
  }
}
