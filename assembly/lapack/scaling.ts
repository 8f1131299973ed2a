import { Tridiagonal } from "./dsytrd";

/**
 * A packed upper triangle, handed over at the end of the space for the square one, and what becomes of it:
 * the square matrix, times a power of two. The largest element then is about 1, whatever it was, and no
 * routine after this needs to look out for overflow; a power of two rounds nothing.
 *
 * The packed matrix may be of a smaller order n than the square one, whose last n rows and columns it takes.
 */

/** Address of the packed triangle of order n. */
export function packedStart(t: Tridiagonal, n: i32): usize {
  return t.d - (<usize>n * <usize>(n + 1)) * 4;
}

/** The exponent e with 2ᵉ ≤ max|a| < 2ᵉ⁺¹, subnormal numbers included; 0 for a matrix of zeros. */
export function largestExponent(t: Tridiagonal, n: i32): i32 {
  let largest: f64 = 0;
  for (let at = packedStart(t, n); at < t.d; at += 8) largest = max(largest, abs(load<f64>(at)));
  if (largest == 0) return 0;
  const subnormal = largest < f64.MIN_NORMAL_VALUE;
  const bits = reinterpret<u64>(subnormal ? largest * 18014398509481984.0 : largest); // 2⁵⁴
  return <i32>(bits >> 52) - 1023 - (subnormal ? 54 : 0);
}

/** n values times 2ᵉ. */
export function scale(n: i32, x: usize, exponent: i32): void {
  for (let end = x + (<usize>n << 3); x < end; x += 8) store<f64>(x, scaled(load<f64>(x), exponent));
}

/**
 * x·2ᵉ, rounded at most once where the result is subnormal: two factors, since 2ᵉ itself may not be a number.
 */
@inline function scaled(x: f64, e: i32): f64 {
  const half = e / 2;
  return x * power(half) * power(e - half);
}

@inline function power(e: i32): f64 {
  return reinterpret<f64>(<u64>(e + 1023) << 52);
}

/**
 * Packed to square: upper triangle, zeros elsewhere, times 2⁻ᵉ. Rows before the triangle's are zeros.
 *
 * In place, first row first: a row never ends beyond where the packed row after it begins.
 */
export function expand(t: Tridiagonal, n: i32, exponent: i32): void {
  const first = t.n - n;
  let from = packedStart(t, n);
  memory.fill(t.a, 0, <usize>first * t.lda);
  for (let i = first; i < t.padded; ++i) {
    const row = t.a + <usize>i * t.lda;
    const length = <usize>max(t.n - i, 0) << 3;
    const diagonal = row + (<usize>i << 3);
    memory.copy(diagonal, from, length);
    memory.fill(row, 0, <usize>i << 3);
    memory.fill(diagonal + length, 0, row + t.lda - diagonal - length);
    scale(<i32>(length >> 3), diagonal, -exponent);
    from += length;
  }
}
