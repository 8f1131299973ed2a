/**
 * When an orthonormal basis Q, grown by Lanczos' method, tells how many eigenvalues of a covariance matrix A carry a
 * share of its trace.
 *
 * With p vectors in Q, A is, but for a change of basis, T = Qᵀ·A·Q, a coupling B between T's last vectors and the rest,
 * and that rest R, of which only the trace and the Frobenius norm are known. Let θ be the eigenvalues of T (Ritz values)
 * and Λ_j the sum of the j largest eigenvalues of A.
 *
 * - From below: Λ_j ≥ θ₁ + … + θ_j (K. Fan), whatever R is.
 * - From above: were no eigenvalue of R above a level s, an eigenvalue of A above σ > s would be at most the one of
 *   the same number of T + B·Bᵀ/(σ − s) (the Schur complement of xI − R in xI − A, for x ≥ σ). Capping R at s lowers Λ_j
 *   by Σ (μ − s)₊ at most, μ the eigenvalues of R (K. Fan again), and that sum is bounded by the norm of R.
 *
 * So nothing that Q has not seen can change the count, no matter how often an eigenvalue repeats or how Q was begun:
 * such a matrix has too much of its norm left in R.
 */

/** What Q shows of the matrix. */
export interface Seen {
  /** Vectors in Q. */
  readonly order: number;
  /** Trace of T. */
  readonly trace: number;
  /** Squares of the elements of T, and twice those of B. */
  readonly squares: number;
  /** Eigenvalues of T + share·B·Bᵀ, ascending; null if they were not found. */
  ritzValues(share: number): Float64Array | null;
}

/** What is known of a symmetric matrix as a whole. */
export interface Size {
  readonly order: number;
  /** Sum of its eigenvalues. */
  readonly trace: number;
  /** Sum of their squares, or more. */
  readonly squares: number;
}

/**
 * Rounding of either solve, the trace taken for the sum of the eigenvalues that are not negative, and the allowance
 * that statistics make for sums, together, as a share of the trace: c·order²·ε.
 */
const MARGIN = 64 * Number.EPSILON;

/**
 * The most, as a share of the norm of A, that one block of T may hold where T is zero but for rounding and for what Q
 * lacks in orthogonality: c·order·ε.
 */
const STRAY = 8;

/** What all blocks together, and rounding, may then change in the squares of T, as a share of those of A: c·order·ε. */
const ROUNDING = 32 * STRAY;

/** Level at which R is capped, as a share of the eigenvalue that must stay clear of it. */
const CAP = 0.95;

/** Above which norm what a block of T holds where it ought to be zero spoils a proof. */
export function strayOf({ order, squares }: Size): number {
  return STRAY * order * Number.EPSILON * Math.sqrt(squares);
}

/** What is left of a matrix beside what has been seen. */
export function unseenOf(whole: Size, seen: Seen): Size {
  const rounding = ROUNDING * whole.order * Number.EPSILON * whole.squares;
  return {
    order: whole.order - seen.order,
    trace: whole.trace - seen.trace,
    squares: Math.max(whole.squares - seen.squares, 0) + rounding,
  };
}

/** Sums of eigenvalues that have reached, or missed, the threshold's share of the trace whatever rounding did. */
export interface Target {
  readonly reached: number;
  readonly missed: number;
  readonly margin: number;
}

export function targetOf({ order, trace }: Size, threshold: number): Target {
  const margin = MARGIN * order ** 2 * trace;
  return { reached: threshold * trace + margin, missed: threshold * trace - margin, margin };
}

/**
 * The least number of eigenvalues of A whose sum reaches the target, certain for A and for any matrix that rounding
 * may have made of it; 0 if what is known does not suffice to say.
 */
export function provenCount(seen: Seen, unseen: Size, target: Target): number {
  // The sum of all Ritz values is T's trace: a first look that costs nothing.
  if (seen.trace < target.reached) return 0;
  const values = seen.ritzValues(0);
  const count = values === null ? 0 : clearCount(values, target);
  if (values === null || count <= 1) return count;
  return upperSum(seen, unseen, values, count - 1, target.missed) <= target.missed ? count : 0;
}

/**
 * The least number of values, ascending and the largest first, whose sum reaches the target, while one less clearly
 * misses it; 0 where there is no such number, or a value is clearly negative.
 */
export function clearCount(ascending: Float64Array, { reached, missed, margin }: Target): number {
  if (ascending[0]! < -margin) return 0;
  let sum = 0;
  for (let count = 1; count <= ascending.length; count++) {
    const before = sum;
    sum += ascending[ascending.length - count]!;
    if (sum >= reached) return before <= missed ? count : 0;
  }
  return 0;
}

/**
 * Whether a proof is likely to succeed now, told by Ritz values of some while ago: whether they left room for as much
 * as the rest may exceed its level by.
 */
export function isPromising(before: Float64Array, unseen: Size, target: Target): boolean {
  const first = before.length - clearCount(before, target) + 1;
  const sigma = before[first];
  return sigma === undefined || excessAbove(CAP * sigma, unseen) <= target.missed - sumFrom(before, first);
}

/** An upper bound of the sum of the `count` largest eigenvalues; Infinity where it is seen to exceed `most`. */
function upperSum(seen: Seen, unseen: Size, values: Float64Array, count: number, most: number): number {
  const first = values.length - count;
  const sigma = values[first]!;
  const level = CAP * sigma;
  const excess = excessAbove(level, unseen);
  // The other solve is spared where the excess alone is too much.
  if (!(excess <= most - sumFrom(values, first))) return Number.POSITIVE_INFINITY;
  const raised = seen.ritzValues(1 / (sigma - level));
  if (raised === null) return Number.POSITIVE_INFINITY;
  return excess + sumFrom(raised, first, sigma);
}

/** Sum of the values from an index on, those below `least` taken as that. */
function sumFrom(values: Float64Array, first: number, least = 0): number {
  let sum = 0;
  for (let i = first; i < values.length; i++) sum += Math.max(values[i]!, least);
  return sum;
}

/**
 * An upper bound of Σ (μ − level)₊ over the eigenvalues μ of a matrix of which trace and squares are known.
 *
 * The values above the level sum up to squares / level at most, a single one to √squares, and there is no second one
 * unless squares exceeds 2·level². The others must make up the rest of the trace, which takes its part of the squares.
 * What r values with the squares that are left can exceed the level by, √(r·left) − r·level, is largest at
 * r = left / (2·level)², or at r = 1 where that is less.
 */
export function excessAbove(level: number, { order, trace, squares }: Size): number {
  const largestSum = squares < 2 * level ** 2 ? Math.sqrt(squares) : squares / level;
  const rest = Math.max(trace - largestSum, 0) ** 2 / order;
  const left = Math.max(squares - rest, 0);
  const norm = Math.sqrt(left);
  return norm <= 2 * level ? Math.max(norm - level, 0) : left / (4 * level);
}
