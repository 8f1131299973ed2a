import { KC } from "./blocks";
import { madd } from "./simd";

/** Room for a slice of a panel, every value twice. */
const SPREAD: usize = memory.data(64 * (KC + 1), 64);

/** Writes the values of a slice of k rows twice each, which is what a splat loads, and returns where. */
export function spread(k: i32, a: usize): usize {
  assert(k <= KC + 1);
  const end = a + (<usize>k << 5);
  for (let to = SPREAD; a < end; a += 32, to += 64) {
    v128.store(to, v128.load64_splat(a));
    v128.store(to, v128.load64_splat(a, 8), 16);
    v128.store(to, v128.load64_splat(a, 16), 32);
    v128.store(to, v128.load64_splat(a, 24), 48);
  }
  return SPREAD;
}

/**
 * As `dgemm_simd_4x4`, with A as `spread` leaves it; `pI` gathers columns 0 and 1 of row I, `qI` columns 2 and 3. Plain
 * builds only; elsewhere it does nothing.
 *
 * Where multiplications and additions are not fused, a step is bound by how many instructions the core takes in a
 * cycle, and V8 11 finds the address of a value that it splats by one more. Values that lie there twice are loaded
 * with no such instruction: 25 for a step, not 29, at the price of a third of a tile to spread A.
 */
export function dgemm_simd_4x4_spread(k: i32, a: usize, b: usize, c: usize, ldc: usize): void {
  if (ASC_FEATURE_RELAXED_SIMD) return;
  let p0 = f64x2.splat(0), p1 = p0, p2 = p0, p3 = p0;
  let q0 = p0, q1 = p0, q2 = p0, q3 = p0;
  let b0: v128, b1: v128, s: v128;
  const end = b + (<usize>k << 5);
  while (b < end) {
    b0 = v128.load(b), b1 = v128.load(b, 16);
    s = v128.load(a), p0 = madd(b0, s, p0), q0 = madd(b1, s, q0);
    s = v128.load(a, 16), p1 = madd(b0, s, p1), q1 = madd(b1, s, q1);
    s = v128.load(a, 32), p2 = madd(b0, s, p2), q2 = madd(b1, s, q2);
    s = v128.load(a, 48), p3 = madd(b0, s, p3), q3 = madd(b1, s, q3);
    if (b + 32 >= end) break;
    b0 = v128.load(b, 32), b1 = v128.load(b, 48);
    s = v128.load(a, 64), p0 = madd(b0, s, p0), q0 = madd(b1, s, q0);
    s = v128.load(a, 80), p1 = madd(b0, s, p1), q1 = madd(b1, s, q1);
    s = v128.load(a, 96), p2 = madd(b0, s, p2), q2 = madd(b1, s, q2);
    s = v128.load(a, 112), p3 = madd(b0, s, p3), q3 = madd(b1, s, q3);
    if (b + 64 >= end) break;
    b0 = v128.load(b, 64), b1 = v128.load(b, 80);
    s = v128.load(a, 128), p0 = madd(b0, s, p0), q0 = madd(b1, s, q0);
    s = v128.load(a, 144), p1 = madd(b0, s, p1), q1 = madd(b1, s, q1);
    s = v128.load(a, 160), p2 = madd(b0, s, p2), q2 = madd(b1, s, q2);
    s = v128.load(a, 176), p3 = madd(b0, s, p3), q3 = madd(b1, s, q3);
    if (b + 96 >= end) break;
    b0 = v128.load(b, 96), b1 = v128.load(b, 112);
    s = v128.load(a, 192), p0 = madd(b0, s, p0), q0 = madd(b1, s, q0);
    s = v128.load(a, 208), p1 = madd(b0, s, p1), q1 = madd(b1, s, q1);
    s = v128.load(a, 224), p2 = madd(b0, s, p2), q2 = madd(b1, s, q2);
    s = v128.load(a, 240), p3 = madd(b0, s, p3), q3 = madd(b1, s, q3);
    a += 256;
    b += 128;
  }
  addRow(c, p0, q0);
  addRow(c + ldc, p1, q1);
  addRow(c + 2 * ldc, p2, q2);
  addRow(c + 3 * ldc, p3, q3);
}

@inline function addRow(c: usize, left: v128, right: v128): void {
  v128.store(c, f64x2.add(v128.load(c), left));
  v128.store(c, f64x2.add(v128.load(c, 16), right), 16);
}
