import { madd } from "./simd";

/**
 * C ← C + AᵀB for one tile: A and B are k × 4, packed row by row, C is 4 × 4 with rows `ldc` bytes apart.
 *
 * Each step multiplies the two halves of a row of A by the two halves of a row of B, straight and swapped,
 * which takes two shuffles instead of four splats; the products are put in order once, at the end. An
 * accumulator `pIJ` gathers half I of A times half J of B on the diagonal of its 2 × 2 block, `qIJ` across
 * it.
 *
 * Kept a function of its own: V8 replaces a Wasm function by its optimised form at the next call only, so a
 * long loop around an inlined tile would stay in baseline code. One step a basic block: V8 hoists the loads
 * of a block above its arithmetic, and two steps' worth of them spill.
 */
export function dgemm_simd_4x4(k: i32, a: usize, b: usize, c: usize, ldc: usize): void {
  let p00 = f64x2.splat(0), q00 = p00, p01 = p00, q01 = p00;
  let p10 = p00, q10 = p00, p11 = p00, q11 = p00;
  const end = a + (<usize>k << 5);
  while (a < end) {
    const a0 = v128.load(a), a1 = v128.load(a, 16);
    const b0 = v128.load(b), b1 = v128.load(b, 16);
    const s0 = v128.shuffle<f64>(b0, b0, 1, 0), s1 = v128.shuffle<f64>(b1, b1, 1, 0);
    p00 = madd(a0, b0, p00);
    q00 = madd(a0, s0, q00);
    p01 = madd(a0, b1, p01);
    q01 = madd(a0, s1, q01);
    p10 = madd(a1, b0, p10);
    q10 = madd(a1, s0, q10);
    p11 = madd(a1, b1, p11);
    q11 = madd(a1, s1, q11);
    a += 32;
    b += 32;
  }
  addRows(c, ldc, p00, q00, p01, q01);
  addRows(c + 2 * ldc, ldc, p10, q10, p11, q11);
}

/** Two rows of the tile: row 0 is (p₀, q₀), row 1 is (q₁, p₁) of each 2 × 2 block. */
@inline function addRows(c: usize, ldc: usize, p0: v128, q0: v128, p1: v128, q1: v128): void {
  const d = c + ldc;
  v128.store(c, f64x2.add(v128.load(c), v128.shuffle<f64>(p0, q0, 0, 2)));
  v128.store(c, f64x2.add(v128.load(c, 16), v128.shuffle<f64>(p1, q1, 0, 2)), 16);
  v128.store(d, f64x2.add(v128.load(d), v128.shuffle<f64>(q0, p0, 1, 3)));
  v128.store(d, f64x2.add(v128.load(d, 16), v128.shuffle<f64>(q1, p1, 1, 3)), 16);
}
