import { TINY } from "./constants";
import { countNonzero, split } from "./split";

/** The square of an off-diagonal that is none: as little as a division can bear. */
const NOT_COUPLED: f64 = f64.MIN_NORMAL_VALUE;

/** Passes after which one is done differently, if no eigenvalue has been found. Mostly one is enough. */
const PATIENCE: i32 = 4;

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
  let passes = 0;
  while (n > 0) {
    const m = dsterf_split(n, d, e, step);
    const done = m == 0 ? 1 : m == 1 ? 2 : 0;
    if (m == 1) twoByTwo(d, d + step, e);
    if (m > 1) {
      left -= 2;
      if (left < 0) return -1;
      dsterf_sweeps(m, d, e, step, ++passes % PATIENCE != 0);
    } else passes = 0;
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

/**
 * Two sweeps over elements 0 … m, bottom to top, with the two eigenvalues of the top 2 × 2 block as shifts, the
 * one that is nearer to the top (Wilkinson's) first.
 *
 * Each step of a sweep waits for a division of the one before. So the second sweep, lane 1, follows the first,
 * lane 0, two elements behind, and takes in what that puts out: two steps in the time of one. A sweep starts as
 * a step below element m that is coupled to nothing, and ends as one above element 0.
 */
export function dsterf_sweeps(m: i32, d: usize, e: usize, step: usize, both: bool): void {
  const d0 = load<f64>(d),
    d1 = load<f64>(d + step);
  const root = sqrt(load<f64>(e));
  const g = (d1 - d0) / (2 * root);
  const near = d0 - root / (g + copysign<f64>(sqrt(g * g + 1), g));
  const far = both ? d0 + d1 - near : near;
  const sigma = f64x2.replace_lane(f64x2.splat(near), 1, far);
  // Any values that lead to p = 1 in lane 1 until its own sweep starts.
  let p = f64x2.splat(1),
    gamma = f64x2.splat(1 + far - near);
  let c = p,
    s = f64x2.splat(0),
    eOut = s,
    dOut = f64x2.splat(far + 1);
  for (let i = m; i >= -3; --i) {
    const own = i >= 0;
    const di = d + <usize>i * step,
      ei = e + <usize>i * step;
    const b = own && i < m ? load<f64>(ei) : 0;
    let bb = v128.shuffle<f64>(f64x2.splat(b), eOut, 0, 2);
    let alpha = v128.shuffle<f64>(f64x2.splat(own ? load<f64>(di) : near), dOut, 0, 2);
    if (i == -3) {
      bb = f64x2.splat(0);
      alpha = sigma;
    }
    bb = f64x2.pmax(bb, f64x2.splat(NOT_COUPLED));
    const r = f64x2.add(p, bb);
    const oldC = c,
      oldGamma = gamma;
    eOut = f64x2.mul(s, r);
    c = f64x2.div(p, r);
    s = f64x2.div(bb, r);
    // 1/c as well, at once: one division for another in the chain that each step waits for.
    const inverse = f64x2.div(r, p);
    gamma = f64x2.sub(f64x2.mul(c, f64x2.sub(alpha, sigma)), f64x2.mul(s, oldGamma));
    dOut = f64x2.add(oldGamma, f64x2.sub(alpha, gamma));
    p = f64x2.mul(f64x2.mul(gamma, gamma), inverse);
    const vanishes = f64x2.le(c, f64x2.splat(TINY));
    if (v128.any_true(vanishes)) p = v128.bitselect(f64x2.mul(oldC, bb), p, vanishes);
    if (i > m - 3) continue;
    store<f64>(di + 3 * step, f64x2.extract_lane(dOut, 1));
    if (i < m - 3) store<f64>(ei + 3 * step, f64x2.extract_lane(eOut, 1));
  }
}
