import { dgemm_simd_4x4 } from "./dgemm-4x4";
import { dgemm_simd_4x4_spread, spread } from "./dgemm-4x4-spread";

/** C ← C + AᵀB for a column of tiles: `count` slices of A, `slice` bytes apart, with one of B. */
export function dgemmColumn(count: i32, k: i32, a: usize, slice: usize, b: usize, c: usize, ldc: usize): void {
  for (; count > 0; --count, a += slice, c += 4 * ldc) dgemm_simd_4x4(k, a, b, c, ldc);
}

/** The same for a row of tiles, `step` bytes apart: one slice of A, of a panel at most, with `count` of B. */
export function dgemmRow(
  count: i32,
  k: i32,
  a: usize,
  b: usize,
  slice: usize,
  c: usize,
  ldc: usize,
  step: usize
): void {
  if (ASC_FEATURE_RELAXED_SIMD) {
    for (; count > 0; --count, b += slice, c += step) dgemm_simd_4x4(k, a, b, c, ldc);
  } else {
    const twice = spread(k, a);
    for (; count > 0; --count, b += slice, c += step) dgemm_simd_4x4_spread(k, twice, b, c, ldc);
  }
}
