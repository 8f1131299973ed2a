import { madd } from "./simd";

/**
 * C ← C + AᵀB for one tile: A and B are k × 4, packed row by row, C is 4 × 4 with rows `ldc` bytes apart.
 *
 * Each step multiplies the two halves of a row of A by the four values of a row of B: `pJ` gathers rows 0 and 1 of
 * column J, `qJ` rows 2 and 3. They are put in order once, at the end. A value that is splat as it is loaded takes
 * no shuffle.
 *
 * Kept a function of its own: V8 replaces a Wasm function by its optimised form at the next call only, so a
 * long loop around an inlined tile would stay in baseline code.
 *
 * One step a basic block: V8 hoists the loads of a block above its arithmetic, and two steps' worth of them
 * spill. The tests between the steps keep them apart, and four steps, two of fused ones, share what a round of the
 * loop costs (two additions and V8's check for interrupts), which makes them faster by a few per cent.
 */
export function dgemm_simd_4x4(k: i32, a: usize, b: usize, c: usize, ldc: usize): void {
  let p0 = f64x2.splat(0), p1 = p0, p2 = p0, p3 = p0;
  let q0 = p0, q1 = p0, q2 = p0, q3 = p0;
  let a0: v128, a1: v128, s: v128;
  const end = a + (<usize>k << 5);
  while (a < end) {
    a0 = v128.load(a), a1 = v128.load(a, 16);
    s = v128.load64_splat(b), p0 = madd(a0, s, p0), q0 = madd(a1, s, q0);
    s = v128.load64_splat(b, 8), p1 = madd(a0, s, p1), q1 = madd(a1, s, q1);
    s = v128.load64_splat(b, 16), p2 = madd(a0, s, p2), q2 = madd(a1, s, q2);
    s = v128.load64_splat(b, 24), p3 = madd(a0, s, p3), q3 = madd(a1, s, q3);
    if (a + 32 >= end) break;
    a0 = v128.load(a, 32), a1 = v128.load(a, 48);
    s = v128.load64_splat(b, 32), p0 = madd(a0, s, p0), q0 = madd(a1, s, q0);
    s = v128.load64_splat(b, 40), p1 = madd(a0, s, p1), q1 = madd(a1, s, q1);
    s = v128.load64_splat(b, 48), p2 = madd(a0, s, p2), q2 = madd(a1, s, q2);
    s = v128.load64_splat(b, 56), p3 = madd(a0, s, p3), q3 = madd(a1, s, q3);
    if (ASC_FEATURE_RELAXED_SIMD) {
      a += 64;
      b += 64;
      continue;
    }
    if (a + 64 >= end) break;
    a0 = v128.load(a, 64), a1 = v128.load(a, 80);
    s = v128.load64_splat(b, 64), p0 = madd(a0, s, p0), q0 = madd(a1, s, q0);
    s = v128.load64_splat(b, 72), p1 = madd(a0, s, p1), q1 = madd(a1, s, q1);
    s = v128.load64_splat(b, 80), p2 = madd(a0, s, p2), q2 = madd(a1, s, q2);
    s = v128.load64_splat(b, 88), p3 = madd(a0, s, p3), q3 = madd(a1, s, q3);
    if (a + 96 >= end) break;
    a0 = v128.load(a, 96), a1 = v128.load(a, 112);
    s = v128.load64_splat(b, 96), p0 = madd(a0, s, p0), q0 = madd(a1, s, q0);
    s = v128.load64_splat(b, 104), p1 = madd(a0, s, p1), q1 = madd(a1, s, q1);
    s = v128.load64_splat(b, 112), p2 = madd(a0, s, p2), q2 = madd(a1, s, q2);
    s = v128.load64_splat(b, 120), p3 = madd(a0, s, p3), q3 = madd(a1, s, q3);
    a += 128;
    b += 128;
  }
  addColumns(c, ldc, p0, p1, q0, q1);
  addColumns(c + 16, ldc, p2, p3, q2, q3);
}

/** Two columns of the tile, each in halves of two rows. */
@inline function addColumns(c: usize, ldc: usize, p0: v128, p1: v128, q0: v128, q1: v128): void {
  addPair(c, v128.shuffle<f64>(p0, p1, 0, 2));
  addPair(c + ldc, v128.shuffle<f64>(p0, p1, 1, 3));
  addPair(c + 2 * ldc, v128.shuffle<f64>(q0, q1, 0, 2));
  addPair(c + 3 * ldc, v128.shuffle<f64>(q0, q1, 1, 3));
}

@inline function addPair(c: usize, pair: v128): void {
  v128.store(c, f64x2.add(v128.load(c), pair));
}
