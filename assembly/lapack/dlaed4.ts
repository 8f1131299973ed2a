import { at } from "../blas/access";
import { hsum } from "../blas/simd";
import { EPS } from "./constants";

/** What the last `addUp` found: Σ zᵢ²/δᵢ and its derivative Σ zᵢ²/δᵢ². */
let sum: f64 = 0;
let slope: f64 = 0;

/** Where the last `dlaed4` found its root: beside this pole, and so far from it. */
let pole: f64 = 0;
let offset: f64 = 0;

@inline export function lastPole(): f64 {
  return pole;
}

@inline export function lastOffset(): f64 {
  return offset;
}

/** Many times what any case seen has taken; by then the bracket is down to neighbouring numbers. */
const MOST_STEPS: i32 = 120;

/**
 * Root j of the secular equation 1/rho + Σ zᵢ²/(dᵢ − λ) = 0 (LAPACK dlaed4): eigenvalue j of diag(d) + rho·z·zᵀ,
 * 0 ≤ j < k. d ascends, no z is zero, rho > 0. Element k of d is a pole that stands for none, above the last root as
 * far as that can be above element k − 1, and its z is 0.
 *
 * The root is found as the nearer of its neighbouring poles and the distance from it, so that the distances from all
 * poles are known to nearly full relative precision. A step replaces the sums over the poles on either side by that of
 * one pole each, with the same value and slope (R.-C. Li, Solving secular equations stably and efficiently, 1993: the
 * middle way). Steps that leave the bracket are replaced by bisection. Returns how many steps it took.
 */
export function dlaed4(k: i32, j: i32, d: usize, z: usize, rho: f64): i32 {
  const gap = at(d, j + 1) - at(d, j);
  const base = 1 / rho;
  let tau = 0.5 * gap;
  pole = at(d, j);
  const near = at(z, j) * at(z, j), next = at(z, j + 1) * at(z, j + 1);
  let w = base + evaluate(k, j, d, z, tau);
  let left: f64 = 0, right = gap, low: f64 = 0, high = tau;
  // What the poles other than the two neighbours add up to in the middle, taken for a constant.
  let c = w + (near - next) / tau;
  if (w < 0 && j < k - 1) {
    pole = at(d, j + 1);
    left = -gap;
    right = 0;
    low = -tau;
    high = 0;
  }
  tau = inside(root(c, c * (left + right) + near + next, near * right + next * left), low, high);
  let step = 1;
  for (; step < MOST_STEPS; ++step) {
    w = base + evaluate(k, j, d, z, tau);
    const total = belowSlope + aboveSlope;
    if (abs(w) <= EPS * (8 * (base + sizes) + abs(tau) * total)) break;
    if (w < 0) low = tau;
    else high = tau;
    const x = left - tau, y = right - tau;
    c = w - x * belowSlope - y * aboveSlope;
    const moved = inside(tau + root(c, (x + y) * w - x * y * total, x * y * w), low, high);
    if (moved == tau) break;
    tau = moved;
  }
  offset = tau;
  return step;
}

let belowSlope: f64 = 0;
let aboveSlope: f64 = 0;
let sizes: f64 = 0;

/** Σ zᵢ²/(dᵢ − λ) at λ = pole + tau; slopes of the parts up to pole j and after it, and the sum of magnitudes. */
function evaluate(k: i32, j: i32, d: usize, z: usize, tau: f64): f64 {
  addUp(j + 1, d, z, pole, tau);
  const below = sum;
  belowSlope = slope;
  const rest = <usize>(j + 1) << 3;
  addUp(k - 1 - j, d + rest, z + rest, pole, tau);
  aboveSlope = slope;
  sizes = abs(below) + abs(sum);
  return below + sum;
}

/** The root of c·x² − a·x + b that lies between the two poles. */
function root(c: f64, a: f64, b: f64): f64 {
  const r = sqrt(abs(a * a - 4 * b * c));
  return a > 0 ? (2 * b) / (a + r) : (a - r) / (2 * c);
}

/** x where it is inside the bracket, else the middle. */
function inside(x: f64, low: f64, high: f64): f64 {
  return x > low && x < high ? x : 0.5 * (low + high);
}

/** Two terms at a time. */
function addUp(n: i32, d: usize, z: usize, shift: f64, tau: f64): void {
  let pair = f64x2.splat(0), pairSlope = pair;
  const origin = f64x2.splat(shift), distance = f64x2.splat(tau);
  const end = d + (<usize>n << 3);
  for (; d + 16 <= end; d += 16, z += 16) {
    const zi = v128.load(z);
    const t = f64x2.div(zi, f64x2.sub(f64x2.sub(v128.load(d), origin), distance));
    pair = f64x2.add(pair, f64x2.mul(zi, t));
    pairSlope = f64x2.add(pairSlope, f64x2.mul(t, t));
  }
  sum = hsum(pair);
  slope = hsum(pairSlope);
  if (d == end) return;
  const t = load<f64>(z) / (load<f64>(d) - shift - tau);
  sum += load<f64>(z) * t;
  slope += t * t;
}
