/**
 * Largest magnitude of a sample; beyond it a sum of squares might overflow. LARGEST_SAMPLE in
 * packages/kernel.
 */
const LARGEST: f64 = 1e150;

/** Whether `count` values in a row are all samples that may be taken in. */
export function allFiniteF32(x: usize, count: i32): bool {
  // x − x is +0 for every finite x, of which in float32 all are small enough, and a NaN for everything else.
  let bad0 = i32x4.splat(0), bad1 = bad0;
  const end = x + (<usize>(count & ~15) << 2);
  for (; x < end; x += 64) {
    const x0 = v128.load(x), x1 = v128.load(x, 16), x2 = v128.load(x, 32), x3 = v128.load(x, 48);
    bad0 = v128.or(bad0, v128.or(f32x4.sub(x0, x0), f32x4.sub(x1, x1)));
    bad1 = v128.or(bad1, v128.or(f32x4.sub(x2, x2), f32x4.sub(x3, x3)));
  }
  if (v128.any_true(v128.or(bad0, bad1))) return false;
  for (let i = count & 15; i > 0; --i, x += 4) if (!isSample<f32>(x)) return false;
  return true;
}

/** Whether `count` values in a row are all samples that may be taken in. */
export function allFiniteF64(x: usize, count: i32): bool {
  const largest = f64x2.splat(LARGEST);
  let good = i64x2.splat(-1);
  const end = x + (<usize>(count & ~3) << 3);
  for (; x < end; x += 32) {
    good = v128.and(good, f64x2.le(f64x2.abs(v128.load(x)), largest));
    good = v128.and(good, f64x2.le(f64x2.abs(v128.load(x, 16)), largest));
  }
  if (!i64x2.all_true(good)) return false;
  for (let i = count & 3; i > 0; --i, x += 8) if (!isSample<f64>(x)) return false;
  return true;
}

// A NaN compares false.
@inline function isSample<T>(x: usize): bool {
  return abs(<f64>load<T>(x)) <= LARGEST;
}

/** Index of the first NaN or infinity among `count` values, or −1. */
export function firstInfinite(x: usize, count: i32): i32 {
  for (let i = 0; i < count; ++i) if (!isFinite(load<f64>(x + (<usize>i << 3)))) return i;
  return -1;
}
