import { hsum, madd } from "./simd";

/**
 * y ← A·x for a symmetric matrix, tiled upper triangle (BLAS dsymv, UPLO='U').
 *
 * A is read once, as one stream: a row of tiles gives its part of A·x and, as columns, of Aᵀ·x, so that y is loaded
 * and stored once for eight products.
 */
export function dsymv(tiles: i32, a: usize, x: usize, y: usize): void {
  memory.fill(y, 0, (<usize>tiles) << 5);
  for (; tiles > 0; --tiles, x += 32, y += 32) {
    const end = a + ((<usize>tiles) << 7);
    dsymv_simd_4(a, end, x, y);
    a = end;
  }
}

/**
 * A row of tiles: the one on the diagonal as rows, what lies to the right of it once as rows and once as columns.
 *
 * Pointers that move on, rather than one offset: V8 would add it to the address of every row at every step.
 */
export function dsymv_simd_4(a: usize, end: usize, x: usize, y: usize): void {
  const left = v128.load(x), right = v128.load(x, 16);
  let s0 = madd(v128.load(a, 16), right, f64x2.mul(v128.load(a), left));
  let s1 = madd(v128.load(a, 48), right, f64x2.mul(v128.load(a, 32), left));
  let s2 = madd(v128.load(a, 80), right, f64x2.mul(v128.load(a, 64), left));
  let s3 = madd(v128.load(a, 112), right, f64x2.mul(v128.load(a, 96), left));
  const x0 = v128.load64_splat(x), x1 = v128.load64_splat(x, 8);
  const x2 = v128.load64_splat(x, 16), x3 = v128.load64_splat(x, 24);
  let a0: v128, a1: v128, a2: v128, a3: v128, xj: v128, yj: v128;
  const out = y;
  a += 128, x += 32, y += 32;
  while (a < end) {
    a0 = v128.load(a), a1 = v128.load(a, 32), a2 = v128.load(a, 64), a3 = v128.load(a, 96);
    xj = v128.load(x), yj = v128.load(y);
    s0 = madd(a0, xj, s0), s1 = madd(a1, xj, s1), s2 = madd(a2, xj, s2), s3 = madd(a3, xj, s3);
    v128.store(y, madd(a3, x3, madd(a2, x2, madd(a1, x1, madd(a0, x0, yj)))));
    a0 = v128.load(a, 16), a1 = v128.load(a, 48), a2 = v128.load(a, 80), a3 = v128.load(a, 112);
    xj = v128.load(x, 16), yj = v128.load(y, 16);
    s0 = madd(a0, xj, s0), s1 = madd(a1, xj, s1), s2 = madd(a2, xj, s2), s3 = madd(a3, xj, s3);
    v128.store(y, madd(a3, x3, madd(a2, x2, madd(a1, x1, madd(a0, x0, yj)))), 16);
    a += 128, x += 32, y += 32;
  }
  store<f64>(out, load<f64>(out) + hsum(s0));
  store<f64>(out, load<f64>(out, 8) + hsum(s1), 8);
  store<f64>(out, load<f64>(out, 16) + hsum(s2), 16);
  store<f64>(out, load<f64>(out, 24) + hsum(s3), 24);
}
