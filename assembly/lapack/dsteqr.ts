import { TINY } from "./constants";
import { addRotation, beginSweep, dlasr, Rotations } from "./dlasr";
import { countNonzero, split } from "./split";

const SWEEPS_EACH: i32 = 30;

/**
 * Eigenvalues and eigenvectors of a symmetric tridiagonal matrix by the implicit QL algorithm (LAPACK
 * dsteqr).
 *
 * The eigenvalues replace d, unsorted; e is destroyed. The rotations go to the rows of the matrix that `r`
 * names: started with Qᵀ, A = Q·T·Qᵀ, its rows become the eigenvectors of A. It is kept transposed so that a
 * rotation meets two rows that lie next to each other in memory, not two columns. Returns 0, or how many
 * off-diagonals did not become zero.
 *
 * As in dsterf, a block that is graded the other way round is run through from its bottom.
 */
export function dsteqr(n: i32, d: usize, e: usize, r: Rotations): i32 {
  let left = n * SWEEPS_EACH;
  for (let first = 0; first < n && left >= 0; ) {
    const last = first + split(n - first, d + (<usize>first << 3), e + (<usize>first << 3), 8, false);
    const top = d + (<usize>first << 3), bottom = d + (<usize>last << 3);
    const count = last - first + 1;
    left = abs(load<f64>(bottom)) < abs(load<f64>(top))
      ? ql(count, bottom, e + (<usize>(last - 1) << 3), last, -1, left, r)
      : ql(count, top, e + (<usize>first << 3), first, 1, left, r);
    first = last + 1;
  }
  dlasr(r);
  return left >= 0 ? 0 : countNonzero(n - 1, e);
}

/**
 * QL on one block, whose element 0 belongs to row `row`, the next to row + direction. Returns the sweeps
 * left, or −1.
 */
function ql(n: i32, d: usize, e: usize, row: i32, direction: i32, left: i32, r: Rotations): i32 {
  const step = <usize>(8 * direction);
  while (n > 0) {
    const m = split(n, d, e, step, false);
    if (m == 0) {
      --n;
      d += step;
      e += step;
      row += direction;
    } else {
      if (--left < 0) return -1;
      beginSweep(r, row + m * direction, direction, m);
      sweep(m, d, e, step, r);
    }
  }
  return left;
}

/**
 * One sweep with Wilkinson's shift over elements 0 … m, bottom to top: a bulge is chased up the off-diagonal.
 */
function sweep(m: i32, d: usize, e: usize, step: usize, r: Rotations): void {
  const d0 = load<f64>(d), e0 = load<f64>(e);
  const ratio = (load<f64>(d + step) - d0) / (2 * e0);
  let di = d + <usize>m * step, ei = e + <usize>m * step;
  let g = load<f64>(di) - d0 + e0 / (ratio + copysign<f64>(sqrt(ratio * ratio + 1), ratio));
  let s: f64 = 1, c: f64 = 1, p: f64 = 0;
  for (let i = m; i > 0; --i) {
    const up = load<f64>(di);
    ei -= step;
    di -= step;
    const off = load<f64>(ei);
    const f = s * off, b = c * off;
    const length = norm2(f, g);
    // Both zero: the block falls apart here, and no rotation is as good as any.
    c = length == 0 ? 1 : g / length;
    s = length == 0 ? 0 : f / length;
    if (i != m) store<f64>(ei + step, length);
    g = up - p;
    const t = (load<f64>(di) - g) * s + 2 * c * b;
    p = s * t;
    store<f64>(di + step, g + p);
    g = c * t - b;
    addRotation(r, c, s);
  }
  store<f64>(d, load<f64>(d) - p);
  store<f64>(e, g);
}

/**
 * √(f² + g²), correct also where the squares would underflow: c and s must be a rotation to full precision.
 */
@inline function norm2(f: f64, g: f64): f64 {
  const sum = f * f + g * g;
  if (sum > TINY) return sqrt(sum);
  const scale: f64 = 3.273390607896142e150; // 2⁵⁰⁰
  const x = f * scale, y = g * scale;
  return sqrt(x * x + y * y) / scale;
}
