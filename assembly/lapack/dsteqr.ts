import { TINY } from "./constants";
import { at } from "../blas/access";
import { padded } from "../blas/blocks";
import { drot } from "../blas/drot";
import { countNonzero, split } from "./split";

const SWEEPS_EACH: i32 = 30;

/**
 * Eigenvalues and eigenvectors of a symmetric tridiagonal matrix by the implicit QL algorithm (LAPACK
 * dsteqr).
 *
 * The eigenvalues replace d, unsorted; e is destroyed. The rotations go to the rows of z, which becomes
 * Sᵀ·z for T = S·Λ·Sᵀ: of the identity it makes the eigenvectors, one a row. Returns 0, or how many
 * off-diagonals did not become zero.
 *
 * As in dsterf, a block that is graded the other way round is run through from its bottom.
 */
export function dsteqr(n: i32, d: usize, e: usize, z: usize, ldz: usize): i32 {
  let left = n * SWEEPS_EACH;
  const bytes = <usize>padded(n) << 3;
  for (let first = 0; first < n && left >= 0; ) {
    const last = first + split(n - first, d + (<usize>first << 3), e + (<usize>first << 3), 8, false);
    const up = abs(at(d, last)) < abs(at(d, first));
    const start = up ? last : first;
    const off = e + (<usize>(up ? last - 1 : first) << 3);
    const row = z + <usize>start * ldz;
    const step: usize = up ? 0 - 8 : 8, rowStep: usize = up ? 0 - ldz : ldz;
    left = ql(last - first + 1, d + (<usize>start << 3), off, step, left, row, rowStep, bytes);
    first = last + 1;
  }
  return left >= 0 ? 0 : countNonzero(n - 1, e);
}

/**
 * QL on one block, whose element 0 belongs to the row at z, the next to the one `ldz` bytes on. Returns the sweeps
 * left, or −1.
 */
function ql(n: i32, d: usize, e: usize, step: usize, left: i32, z: usize, ldz: usize, bytes: usize): i32 {
  while (n > 0) {
    const m = split(n, d, e, step, false);
    if (m == 0) {
      --n;
      d += step;
      e += step;
      z += ldz;
    } else {
      if (--left < 0) return -1;
      sweep(m, d, e, step, z, ldz, bytes);
    }
  }
  return left;
}

/**
 * One sweep with Wilkinson's shift over elements 0 … m, bottom to top: a bulge is chased up the off-diagonal.
 */
function sweep(m: i32, d: usize, e: usize, step: usize, z: usize, ldz: usize, bytes: usize): void {
  const d0 = load<f64>(d), e0 = load<f64>(e);
  const ratio = (load<f64>(d + step) - d0) / (2 * e0);
  let di = d + <usize>m * step, ei = e + <usize>m * step, row = z + <usize>m * ldz;
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
    drot(bytes, row, row - ldz, c, s);
    row -= ldz;
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
