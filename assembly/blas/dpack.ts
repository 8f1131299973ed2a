/**
 * Packing into slices of four columns, as dgemm_simd_4x4 reads them: row k of a slice is four values in a
 * row.
 */

/** k rows of `slices`·4 values, `ldx` bytes apart, times `alpha`; slices `slice` bytes apart. */
export function dpack_n(
  k: i32,
  slices: i32,
  alpha: f64,
  x: usize,
  ldx: usize,
  to: usize,
  slice: usize,
  
): void {
  const factor = f64x2.splat(alpha);
  for (; k > 0; --k, x += ldx, to += 32) {
    let out = to;
    const end = x + ((<usize>slices) << 5);
    for (let from = x; from < end; from += 32, out += slice) {
      v128.store(out, f64x2.mul(factor, v128.load(from)));
      v128.store(out, f64x2.mul(factor, v128.load(from, 16)), 16);
    }
  }
}

/**
 * One slice from four rows of k values, `ldx` bytes apart: the transposed of what `dpack_n` takes. k is even.
 */
export function dpack_t(k: i32, x0: usize, ldx: usize, to: usize): void {
  const x1 = x0 + ldx,
    x2 = x1 + ldx,
    x3 = x2 + ldx;
  const bytes = (<usize>k) << 3;
  for (let i: usize = 0; i < bytes; i += 16, to += 64) {
    const r0 = v128.load(x0 + i),
      r1 = v128.load(x1 + i),
      r2 = v128.load(x2 + i),
      r3 = v128.load(x3 + i);
    v128.store(to, v128.shuffle<f64>(r0, r1, 0, 2));
    v128.store(to, v128.shuffle<f64>(r2, r3, 0, 2), 16);
    v128.store(to, v128.shuffle<f64>(r0, r1, 1, 3), 32);
    v128.store(to, v128.shuffle<f64>(r2, r3, 1, 3), 48);
  }
}
