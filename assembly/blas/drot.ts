import { madd } from "./simd";

/** x ← c·x + s·y, y ← c·y − s·x (BLAS drot) for stretches of an even number of values. */
export function drot(bytes: usize, x: usize, y: usize, c: f64, s: f64): void {
  const cc = f64x2.splat(c), ss = f64x2.splat(s);
  for (let i: usize = 0; i < bytes; i += 16) {
    const xi = v128.load(x + i), yi = v128.load(y + i);
    v128.store(x + i, madd(ss, yi, f64x2.mul(cc, xi)));
    v128.store(y + i, f64x2.sub(f64x2.mul(cc, yi), f64x2.mul(ss, xi)));
  }
}
