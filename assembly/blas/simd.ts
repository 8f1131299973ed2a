/** acc + a·b in each lane; fused where the target has relaxed SIMD, rounded twice elsewhere. */
@inline export function madd(a: v128, b: v128, acc: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f64x2.relaxed_madd(a, b, acc);
  return f64x2.add(acc, f64x2.mul(a, b));
}

/** Whether this build fuses multiplications and additions. */
export function isRelaxed(): bool {
  return ASC_FEATURE_RELAXED_SIMD;
}

/** Sum of the two lanes. */
@inline export function hsum(a: v128): f64 {
  return f64x2.extract_lane(a, 0) + f64x2.extract_lane(a, 1);
}

/** Two neighbouring values of T as f64x2. */
@inline export function load2<T>(x: usize): v128 {
  if (sizeof<T>() == 4) return f64x2.promote_low_f32x4(v128.load64_zero(x));
  return v128.load(x);
}
