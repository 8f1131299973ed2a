import { hsum, madd } from "./simd";

/**
 * Operations on stretches of rows. Every stretch is given by its first byte and its length in bytes, a
 * multiple of 32 (four values); matrices are padded with zeros so that no stretch needs a tail.
 */

/** x·y (BLAS ddot). */
export function ddot(bytes: usize, x: usize, y: usize): f64 {
  assert((bytes & 31) == 0);
  let s0 = f64x2.splat(0),
    s1 = s0;
  for (let i: usize = 0; i < bytes; i += 32) {
    s0 = madd(v128.load(x + i), v128.load(y + i), s0);
    s1 = madd(v128.load(x + i, 16), v128.load(y + i, 16), s1);
  }
  return hsum(f64x2.add(s0, s1));
}

/** y ← α·(y + β·x). */
export function dscaxpy(bytes: usize, alpha: f64, beta: f64, x: usize, y: usize): void {
  const a = f64x2.splat(alpha),
    b = f64x2.splat(beta);
  for (let i: usize = 0; i < bytes; i += 16) {
    v128.store(y + i, f64x2.mul(a, madd(b, v128.load(x + i), v128.load(y + i))));
  }
}

/** out ← X·y for `rows` rows `ldx` bytes apart; four rows share each load of y (BLAS dgemv, row-major). */
export function dgemv_n(rows: i32, bytes: usize, x: usize, ldx: usize, y: usize, out: usize): void {
  for (; rows >= 4; rows -= 4, x += 4 * ldx, out += 32) dot4(bytes, x, ldx, y, out);
  for (; rows > 0; --rows, x += ldx, out += 8) store<f64>(out, ddot(bytes, x, y));
}

function dot4(bytes: usize, x0: usize, ldx: usize, y: usize, out: usize): void {
  const x1 = x0 + ldx,
    x2 = x1 + ldx,
    x3 = x2 + ldx;
  let s0 = f64x2.splat(0),
    s1 = s0,
    s2 = s0,
    s3 = s0;
  for (let i: usize = 0; i < bytes; i += 16) {
    const v = v128.load(y + i);
    s0 = madd(v128.load(x0 + i), v, s0);
    s1 = madd(v128.load(x1 + i), v, s1);
    s2 = madd(v128.load(x2 + i), v, s2);
    s3 = madd(v128.load(x3 + i), v, s3);
  }
  store<f64>(out, hsum(s0));
  store<f64>(out, hsum(s1), 8);
  store<f64>(out, hsum(s2), 16);
  store<f64>(out, hsum(s3), 24);
}

/**
 * y ← y − Xᵀc for `rows` rows `ldx` bytes apart; four rows share each load and store of y (BLAS dgemv,
 * row-major, TRANS='T').
 */
export function dgemv_t(rows: i32, bytes: usize, x: usize, ldx: usize, c: usize, y: usize): void {
  for (; rows >= 4; rows -= 4, x += 4 * ldx, c += 32) subtract4(bytes, x, ldx, c, y);
  for (; rows > 0; --rows, x += ldx, c += 8) dscaxpy(bytes, 1, -load<f64>(c), x, y);
}

function subtract4(bytes: usize, x0: usize, ldx: usize, c: usize, y: usize): void {
  const x1 = x0 + ldx,
    x2 = x1 + ldx,
    x3 = x2 + ldx;
  const c0 = f64x2.splat(-load<f64>(c)),
    c1 = f64x2.splat(-load<f64>(c, 8));
  const c2 = f64x2.splat(-load<f64>(c, 16)),
    c3 = f64x2.splat(-load<f64>(c, 24));
  for (let i: usize = 0; i < bytes; i += 16) {
    const s = madd(v128.load(x1 + i), c1, madd(v128.load(x0 + i), c0, v128.load(y + i)));
    v128.store(y + i, madd(v128.load(x3 + i), c3, madd(v128.load(x2 + i), c2, s)));
  }
}
