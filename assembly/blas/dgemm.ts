import { dgemm_simd_4x4 } from "./dgemm-4x4";

/** C ← C + AᵀB for a column of tiles: `count` slices of A, `slice` bytes apart, with one of B. */
export function dgemmColumn(count: i32, k: i32, a: usize, slice: usize, b: usize, c: usize, ldc: usize): void {
  for (; count > 0; --count, a += slice, c += 4 * ldc) dgemm_simd_4x4(k, a, b, c, ldc);
}

/** The same for a row of tiles: one slice of A with `count` of B. */
export function dgemmRow(count: i32, k: i32, a: usize, b: usize, slice: usize, c: usize, ldc: usize): void {
  for (; count > 0; --count, b += slice, c += 32) dgemm_simd_4x4(k, a, b, c, ldc);
}
