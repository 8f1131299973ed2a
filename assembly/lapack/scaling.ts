import { rowsToTiles } from "../blas/tiles";
import { trailing, Tridiagonal } from "./dsytrd";

/**
 * A packed upper triangle, handed over at the end of the space for the tiled one, and what becomes of it:
 * the tiled matrix, times a power of two. The largest element then is about 1, whatever it was, and no
 * routine after this needs to look out for overflow; a power of two rounds nothing.
 */

/** Address of the packed triangle. */
export function packedStart(t: Tridiagonal): usize {
  return trailing(t, t.padded) - (<usize>t.n * <usize>(t.n + 1)) * 4;
}

/** The exponent e with 2ᵉ ≤ max|x| < 2ᵉ⁺¹ of the values before `end`, subnormal numbers included; 0 for zeros only. */
export function largestExponent(x: usize, end: usize): i32 {
  const largest = largestMagnitude(x, end);
  if (largest == 0) return 0;
  const subnormal = largest < f64.MIN_NORMAL_VALUE;
  const bits = reinterpret<u64>(subnormal ? largest * 18014398509481984.0 : largest); // 2⁵⁴
  return <i32>(bits >> 52) - 1023 - (subnormal ? 54 : 0);
}

function largestMagnitude(x: usize, end: usize): f64 {
  let pair = f64x2.splat(0);
  for (; x + 16 <= end; x += 16) pair = f64x2.pmax(pair, f64x2.abs(v128.load(x)));
  const last = x < end ? abs(load<f64>(x)) : 0;
  return max(last, max(f64x2.extract_lane(pair, 0), f64x2.extract_lane(pair, 1)));
}

/**
 * n values times 2ᵉ, rounded at most once where the result is subnormal: two factors, since 2ᵉ itself may not
 * be a number.
 */
export function scale(n: i32, x: usize, exponent: i32): void {
  const half = exponent / 2;
  const f = power(half), g = power(exponent - half);
  const end = x + (<usize>n << 3);
  for (; x + 16 <= end; x += 16) {
    v128.store(x, f64x2.mul(f64x2.mul(v128.load(x), f64x2.splat(f)), f64x2.splat(g)));
  }
  if (x < end) store<f64>(x, load<f64>(x) * f * g);
}

@inline function power(e: i32): f64 {
  return reinterpret<f64>(<u64>(e + 1023) << 52);
}

/**
 * Packed to tiled, times 2⁻ᵉ, with zeros as padding; tiles on the diagonal become whole.
 *
 * In place, first rows first, by way of four rows of `a`: tiles never end beyond where the packed row after them begins.
 */
export function expand(t: Tridiagonal, exponent: i32): void {
  let from = packedStart(t);
  for (let p = 0; p < t.padded; p += 4) {
    for (let i = p, row = t.a; i < p + 4; ++i, row += t.lda) {
      const length = <usize>max(t.n - i, 0) << 3;
      const diagonal = row + (<usize>i << 3);
      memory.copy(diagonal, from, length);
      memory.fill(diagonal + length, 0, (<usize>(t.padded - i) << 3) - length);
      scale(<i32>(length >> 3), diagonal, -exponent);
      for (let j = p; j < i; ++j) {
        store<f64>(row + (<usize>j << 3), load<f64>(t.a + <usize>(j - p) * t.lda + (<usize>i << 3)));
      }
      from += length;
    }
    rowsToTiles((t.padded - p) >> 2, t.a + (<usize>p << 3), t.lda, trailing(t, p));
  }
}
