import { madd } from "./simd";

/**
 * C ← C + AᵀB for one and a half tiles, as `dgemm_simd_4x4` for one: A is k × 4, B the four columns at `b` and
 * the two at `b2`, C the tile at `c` and the two columns at `c2` of another, rows 32 bytes apart. Fused builds
 * only; elsewhere it does nothing.
 *
 * Eight chains of fused operations, of four cycles each, keep two pipelines busy only if none ever waits.
 * Twelve may wait. With a row of A and one value of B they take all 15 registers that V8 hands out, so loads
 * must stay where they are written; see `useWideTiles`. Both tiles round alike, to the last bit.
 */
export function dgemm_simd_4x6(k: i32, a: usize, b: usize, b2: usize, c: usize, c2: usize): void {
  if (!ASC_FEATURE_RELAXED_SIMD) return;
  let p0 = f64x2.splat(0), p1 = p0, p2 = p0, p3 = p0, p4 = p0, p5 = p0;
  let q0 = p0, q1 = p0, q2 = p0, q3 = p0, q4 = p0, q5 = p0;
  const end = a + (<usize>k << 5);
  while (a < end) {
    const a0 = v128.load(a), a1 = v128.load(a, 16);
    let s = v128.load64_splat(b);
    p0 = madd(a0, s, p0);
    q0 = madd(a1, s, q0);
    s = v128.load64_splat(b, 8);
    p1 = madd(a0, s, p1);
    q1 = madd(a1, s, q1);
    s = v128.load64_splat(b, 16);
    p2 = madd(a0, s, p2);
    q2 = madd(a1, s, q2);
    s = v128.load64_splat(b, 24);
    p3 = madd(a0, s, p3);
    q3 = madd(a1, s, q3);
    s = v128.load64_splat(b2);
    p4 = madd(a0, s, p4);
    q4 = madd(a1, s, q4);
    s = v128.load64_splat(b2, 8);
    p5 = madd(a0, s, p5);
    q5 = madd(a1, s, q5);
    a += 32;
    b += 32;
    b2 += 32;
  }
  addColumns(c, p0, q0, p1, q1);
  addColumns(c + 16, p2, q2, p3, q3);
  addColumns(c2, p4, q4, p5, q5);
}

/** Two columns of a tile, each in halves of two rows. */
@inline function addColumns(c: usize, p0: v128, q0: v128, p1: v128, q1: v128): void {
  v128.store(c, f64x2.add(v128.load(c), v128.shuffle<f64>(p0, p1, 0, 2)));
  v128.store(c, f64x2.add(v128.load(c, 32), v128.shuffle<f64>(p0, p1, 1, 3)), 32);
  v128.store(c, f64x2.add(v128.load(c, 64), v128.shuffle<f64>(q0, q1, 0, 2)), 64);
  v128.store(c, f64x2.add(v128.load(c, 96), v128.shuffle<f64>(q0, q1, 1, 3)), 96);
}
