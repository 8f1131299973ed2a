/**
 * What may be dropped from a matrix whose largest element is near 1: an error of 2^−500, beside which the square
 * of everything that stays is a normal number, so that norms need no scaling of their own.
 */
export const NEGLIGIBLE: number = 2 ** -500;

/** The power of two that brings the largest magnitude in `values` near 1; 0 if all are zero. */
export function unitExponent(values: Float64Array): number {
  let largest = 0;
  for (const value of values) largest = Math.max(largest, Math.abs(value));
  return largest === 0 ? 0 : -Math.floor(Math.log2(largest));
}

/** values ← 2^exponent · values, exact short of subnormal and overflowing results (LAPACK dlascl). */
export function scaleByPowerOfTwo(values: Float64Array, exponent: number): void {
  // In two steps: 2^1074, which a matrix of subnormals needs, is no float64.
  const first = 2 ** Math.trunc(exponent / 2);
  const second = 2 ** (exponent - Math.trunc(exponent / 2));
  for (let i = 0; i < values.length; i++) values[i] = values[i]! * first * second;
}
