import { TINY } from "./constants";
import { countNonzero, split } from "./split";

/** Sweeps allowed, on average, for an eigenvalue (LAPACK dsterf allows as many; two are usual). */
const SWEEPS_EACH: i32 = 30;

/**
 * Eigenvalues of a symmetric tridiagonal matrix, by the QL algorithm without square roots (Pal, Walker,
 * Kahan; Parlett, The Symmetric Eigenvalue Problem, §8.15; LAPACK dsterf). They replace d, unsorted; e is
 * destroyed. Returns 0, or how many off-diagonals did not become zero.
 *
 * Unreduced blocks are taken from the end at which the diagonal is smaller: QL finds small eigenvalues of a
 * graded block at its top only. Starting from the bottom is the same algorithm with steps of −1.
 */
export function dsterf(n: i32, d: usize, e: usize): i32 {
  for (let i = 0; i < n - 1; ++i) {
    const ei = load<f64>(e + ((<usize>i) << 3));
    store<f64>(e + ((<usize>i) << 3), ei * ei);
  }
  let left = n * SWEEPS_EACH;
  for (let first = 0; first < n && left >= 0; ) {
    const last = first + dsterf_split(n - first, d + ((<usize>first) << 3), e + ((<usize>first) << 3), 8);
    const top = d + ((<usize>first) << 3),
      bottom = d + ((<usize>last) << 3);
    const count = last - first + 1;
    left =
      abs(load<f64>(bottom)) < abs(load<f64>(top))
        ? ql(count, bottom, e + ((<usize>(last - 1)) << 3), -8, left)
        : ql(count, top, e + ((<usize>first) << 3), 8, left);
    first = last + 1;
  }
  return left >= 0 ? 0 : countNonzero(n - 1, e);
}

/** QL on one block. Returns how many sweeps are left, or −1 if there were not enough. */
function ql(n: i32, d: usize, e: usize, step: usize, left: i32): i32 {
  while (n > 0) {
    const m = dsterf_split(n, d, e, step);
    const done = m == 0 ? 1 : m == 1 ? 2 : 0;
    if (m == 1) twoByTwo(d, d + step, e);
    if (m > 1) {
      if (--left < 0) return -1;
      dsterf_sweep(m, d, e, step);
    }
    n -= done;
    d += <usize>done * step;
    e += <usize>done * step;
  }
  return left;
}

/**
 * Eigenvalues of [[a, b], [b, c]], b² given (LAPACK dlae2): the larger in magnitude first, the other from the
 * determinant.
 */
function twoByTwo(top: usize, bottom: usize, e: usize): void {
  const a = load<f64>(top),
    c = load<f64>(bottom),
    b2 = load<f64>(e);
  const mean = 0.5 * (a + c),
    half = 0.5 * (a - c);
  const root = sqrt(half * half + b2);
  const large = mean + copysign<f64>(root, mean);
  const big = abs(a) > abs(c) ? a : c,
    small = abs(a) > abs(c) ? c : a;
  store<f64>(top, large);
  store<f64>(bottom, large == 0 ? 0 : (big / large) * small - b2 / large);
  store<f64>(e, 0);
}

/** `split` of squares. A function of its own, as the sweep is: QL itself is called once, and would stay in baseline code. */
export function dsterf_split(n: i32, d: usize, e: usize, step: usize): i32 {
  return split(n, d, e, step, true);
}

/** One sweep with Wilkinson's shift over elements 0 … m, bottom to top. */
export function dsterf_sweep(m: i32, d: usize, e: usize, step: usize): void {
  const p0 = load<f64>(d);
  const root = sqrt(load<f64>(e));
  const g = (load<f64>(d + step) - p0) / (2 * root);
  const sigma = p0 - root / (g + copysign<f64>(sqrt(g * g + 1), g));
  let c: f64 = 1,
    s: f64 = 0;
  let di = d + <usize>m * step,
    ei = e + <usize>m * step;
  let gamma = load<f64>(di) - sigma;
  let p = gamma * gamma;
  for (let i = m; i > 0; --i) {
    ei -= step;
    di -= step;
    const bb = load<f64>(ei);
    const r = p + bb;
    if (i != m) store<f64>(ei + step, s * r);
    const oldC = c,
      oldGamma = gamma;
    // 1/c as well, at once: one division for another in the chain that each step waits for.
    const inverse = r / p;
    c = p / r;
    s = bb / r;
    const alpha = load<f64>(di);
    gamma = c * (alpha - sigma) - s * oldGamma;
    store<f64>(di + step, oldGamma + (alpha - gamma));
    p = c > TINY ? gamma * gamma * inverse : oldC * bb;
  }
  store<f64>(e, s * p);
  store<f64>(d, sigma + gamma);
}
