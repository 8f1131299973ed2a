// The fastest that 128-bit arithmetic goes: twelve chains of acc ← acc·x + y, which is enough to fill the pipelines
// and little enough for the registers. x and y come from outside, since V8 would make constants anew at each use.

function step(x: v128, y: v128, acc: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f64x2.relaxed_madd(acc, x, y);
  return f64x2.add(f64x2.mul(acc, x), y);
}

/** 48 · steps floating-point operations. */
export function peak(steps: i32, xs: f64, ys: f64): f64 {
  const x = f64x2.splat(xs);
  const y = f64x2.splat(ys);
  let a = f64x2.splat(ys);
  let b = f64x2.splat(2.0 * ys);
  let c = f64x2.splat(3.0 * ys);
  let d = f64x2.splat(4.0 * ys);
  let e = f64x2.splat(5.0 * ys);
  let f = f64x2.splat(6.0 * ys);
  let g = f64x2.splat(7.0 * ys);
  let h = f64x2.splat(8.0 * ys);
  let i = f64x2.splat(9.0 * ys);
  let j = f64x2.splat(10.0 * ys);
  let k = f64x2.splat(11.0 * ys);
  let l = f64x2.splat(12.0 * ys);
  for (; steps > 0; --steps) {
    a = step(x, y, a);
    b = step(x, y, b);
    c = step(x, y, c);
    d = step(x, y, d);
    e = step(x, y, e);
    f = step(x, y, f);
    g = step(x, y, g);
    h = step(x, y, h);
    i = step(x, y, i);
    j = step(x, y, j);
    k = step(x, y, k);
    l = step(x, y, l);
  }
  const sum = f64x2.add(
    f64x2.add(f64x2.add(a, b), f64x2.add(c, d)),
    f64x2.add(f64x2.add(e, f), f64x2.add(g, h)),
  );
  const rest = f64x2.add(f64x2.add(i, j), f64x2.add(k, l));
  return f64x2.extract_lane(f64x2.add(sum, rest), 0);
}
