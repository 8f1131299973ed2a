import { hsum, madd } from "./simd";

/**
 * y ← A·x for rows and columns [from, to) of a symmetric matrix, its upper triangle row by row, with whole 4 × 4
 * blocks on the diagonal (BLAS dsymv, UPLO='U'). `from` and `to` are multiples of four; y is overwritten there.
 *
 * A is read once: four rows at a time give their part of A·x and, as columns, of Aᵀ·x, so that y is loaded
 * and stored once for eight products.
 */
export function dsymv(from: i32, to: i32, a: usize, lda: usize, x: usize, y: usize): void {
  assert(((from | to) & 3) == 0);
  memory.fill(y + ((<usize>from) << 3), 0, (<usize>(to - from)) << 3);
  const end = (<usize>to) << 3;
  for (let i = from; i < to; i += 4) dsymv_simd_4(a + <usize>i * lda, lda, (<usize>i) << 3, end, x, y);
}

/**
 * Four rows from their block on the diagonal on: that block as rows, what lies to the right of it once as rows and
 * once as columns.
 *
 * Pointers that move on, rather than one offset: V8 would add it to the address of every row at every step. Two
 * steps with an exit between them, since V8 12 gathers the loads of a basic block at its front, and those of two
 * steps do not fit its registers.
 */
export function dsymv_simd_4(row0: usize, lda: usize, column: usize, end: usize, x: usize, y: usize): void {
  let px = x + column, py = y + column;
  let p0 = row0 + column, p1 = p0 + lda, p2 = p1 + lda, p3 = p2 + lda;
  const left = v128.load(px), right = v128.load(px, 16);
  let s0 = madd(v128.load(p0, 16), right, f64x2.mul(v128.load(p0), left));
  let s1 = madd(v128.load(p1, 16), right, f64x2.mul(v128.load(p1), left));
  let s2 = madd(v128.load(p2, 16), right, f64x2.mul(v128.load(p2), left));
  let s3 = madd(v128.load(p3, 16), right, f64x2.mul(v128.load(p3), left));
  const x0 = v128.load64_splat(px), x1 = v128.load64_splat(px, 8);
  const x2 = v128.load64_splat(px, 16), x3 = v128.load64_splat(px, 24);
  let a0: v128, a1: v128, a2: v128, a3: v128, xj: v128, yj: v128;
  const out = py;
  const last = row0 + end - 32;
  while (p0 < last) {
    a0 = v128.load(p0, 32), a1 = v128.load(p1, 32), a2 = v128.load(p2, 32), a3 = v128.load(p3, 32);
    xj = v128.load(px, 32), yj = v128.load(py, 32);
    s0 = madd(a0, xj, s0), s1 = madd(a1, xj, s1), s2 = madd(a2, xj, s2), s3 = madd(a3, xj, s3);
    v128.store(py, madd(a3, x3, madd(a2, x2, madd(a1, x1, madd(a0, x0, yj)))), 32);
    if (p0 == last - 16) break;
    a0 = v128.load(p0, 48), a1 = v128.load(p1, 48), a2 = v128.load(p2, 48), a3 = v128.load(p3, 48);
    xj = v128.load(px, 48), yj = v128.load(py, 48);
    s0 = madd(a0, xj, s0), s1 = madd(a1, xj, s1), s2 = madd(a2, xj, s2), s3 = madd(a3, xj, s3);
    v128.store(py, madd(a3, x3, madd(a2, x2, madd(a1, x1, madd(a0, x0, yj)))), 48);
    p0 += 32, p1 += 32, p2 += 32, p3 += 32, px += 32, py += 32;
  }
  store<f64>(out, load<f64>(out) + hsum(s0));
  store<f64>(out, load<f64>(out, 8) + hsum(s1), 8);
  store<f64>(out, load<f64>(out, 16) + hsum(s2), 16);
  store<f64>(out, load<f64>(out, 24) + hsum(s3), 24);
}
