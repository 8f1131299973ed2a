import { addCompensated } from "./compensated.js";
import { addOuterProduct, packedLength, type SymmetricMatrix } from "./symmetric-matrix.js";
import { checkFeatures, checkState } from "./validate.js";

/**
 * The moments of a set of samples, as plain data: what every backend produces, what is merged, stored and sent,
 * and what every statistic starts from.
 *
 * States of the same number of features form a commutative monoid under `mergeStates`, up to rounding, with the
 * state of no samples as its unit: batches, threads, machines and resumed runs all combine the same way.
 *
 * The mean is kept as two parts that are never added up, mean = shift + offset. A single float64 could not
 * hold it: at a mean of 1e8 standard deviations its rounding alone would cost 2.7e-10 of the variance.
 */
export interface MomentsState {
  /** Number of features d. */
  readonly features: number;
  /** Number of samples n. */
  readonly count: number;
  /** Provisional mean, d values; zeros when there are no samples. */
  readonly shift: Float64Array;
  /** What is missing from `shift` to the mean, d values. */
  readonly offset: Float64Array;
  /** Σ (x − μ)(x − μ)ᵀ, upper triangle packed row by row, d(d+1)/2 values. */
  readonly scatter: Float64Array;
}

/**
 * The state of no samples: the unit of `mergeStates`.
 *
 * @throws {ShapeError} If `features` is not a positive integer.
 * @example
 * emptyState(2).count; // 0
 */
export function emptyState(features: number): MomentsState {
  checkFeatures("emptyState", features);
  return {
    features,
    count: 0,
    shift: new Float64Array(features),
    offset: new Float64Array(features),
    scatter: new Float64Array(packedLength(features)),
  };
}

/**
 * The state of the samples of `a` and of `b` together, as if they had been accumulated in one go. Neither is
 * changed and the result shares no memory with them.
 *
 * T. F. Chan, G. H. Golub, R. J. LeVeque, "Updating formulae and a pairwise algorithm for computing sample
 * variances" (1979): S = S_a + S_b + (n_a n_b / n) δδᵀ with δ = μ_b − μ_a.
 *
 * @throws {ShapeError} If the states differ in their number of features, or a part has the wrong length.
 * @throws {NonFiniteError} If a state holds a NaN or an infinity.
 * @example
 * const one = {
 *   features: 1, count: 1, shift: Float64Array.of(1), offset: Float64Array.of(0), scatter: Float64Array.of(0),
 * };
 * const three = { ...one, shift: Float64Array.of(3) };
 * mergeStates(one, three).scatter; // Float64Array [2]
 */
export function mergeStates(a: MomentsState, b: MomentsState): MomentsState {
  checkState("mergeStates", a);
  checkState("mergeStates", b, a.features);
  if (b.count === 0) return copyState(a);
  if (a.count === 0) return copyState(b);
  // The mean of the larger part is the better provisional mean: it is moved by half of δ at most.
  return a.count >= b.count ? absorb(a, b) : absorb(b, a);
}

/** The merged state, its shift that of `a`. */
function absorb(a: MomentsState, b: MomentsState): MomentsState {
  const d = a.features;
  const count = a.count + b.count;
  const weight = (a.count * b.count) / count;
  const delta = meanDifference(a, b);
  const offset = a.offset.map((value, i) => value + delta[i]! * (b.count / count));
  const scatter = new Float64Array(a.scatter.length);
  for (let i = 0, p = 0; i < d; i++) {
    const weighted = weight * delta[i]!;
    for (let j = i; j < d; j++, p++) {
      scatter[p] = a.scatter[p]! + b.scatter[p]! + weighted * delta[j]!;
    }
  }
  return { features: d, count, shift: a.shift.slice(), offset, scatter };
}

/**
 * δ = μ_b − μ_a, formed from the parts. The means themselves are never added up: rounded to float64, their
 * difference would have lost what the two parts keep.
 */
function meanDifference(a: MomentsState, b: MomentsState): Float64Array {
  const delta = b.shift.slice();
  const low = new Float64Array(a.features);
  addCompensated(delta, low, a.shift, -1);
  addCompensated(delta, low, b.offset);
  addCompensated(delta, low, a.offset, -1);
  return delta.map((value, i) => value + low[i]!);
}

function copyState(state: MomentsState): MomentsState {
  return {
    features: state.features,
    count: state.count,
    shift: state.shift.slice(),
    offset: state.offset.slice(),
    scatter: state.scatter.slice(),
  };
}

/**
 * Mean of every feature, rounded once from its two parts.
 *
 * @throws {RangeError} If the state holds no samples.
 * @example
 * const state = {
 *   features: 2, count: 2, shift: Float64Array.of(2, 4), offset: Float64Array.of(0, 0), scatter: Float64Array.of(2, 4, 8),
 * };
 * mean(state); // Float64Array [2, 4]
 */
export function mean(state: MomentsState): Float64Array {
  requireSamples("mean", state, 0);
  return state.shift.map((value, i) => value + state.offset[i]!);
}

/** What `covariance` divides by, and whether it subtracts the mean. */
export interface CovarianceOptions {
  /** Subtract the mean (default). Without, the result is the second moment about zero, Σ x xᵀ/(n − ddof). */
  readonly center?: boolean;
  /** Delta degrees of freedom: the sums are divided by n − ddof. 0 (default) is the population's covariance. */
  readonly ddof?: number;
}

/**
 * Covariance of the features, in squared units of the samples: scatter/(n − ddof), d × d.
 *
 * @throws {RangeError} If there are not more than `ddof` samples, or `ddof` is negative or not a number.
 * @example
 * const state = {
 *   features: 2, count: 2, shift: Float64Array.of(2, 4), offset: Float64Array.of(0, 0), scatter: Float64Array.of(2, 4, 8),
 * };
 * covariance(state).upper; // Float64Array [1, 2, 4]
 * covariance(state, { ddof: 1 }).upper; // Float64Array [2, 4, 8]
 * covariance(state, { center: false }).upper; // Float64Array [5, 10, 20]
 */
export function covariance(state: MomentsState, options: CovarianceOptions = {}): SymmetricMatrix {
  const { center = true, ddof = 0 } = options;
  if (!(Number.isFinite(ddof) && ddof >= 0)) {
    throw new RangeError(`covariance: ddof must be a number of 0 or more, got ${ddof}`);
  }
  requireSamples("covariance", state, ddof);
  const divisor = state.count - ddof;
  // A plain loop: `map` calls a function for each of the d² / 2 values, which takes ten times as long.
  const upper = new Float64Array(state.scatter.length);
  for (let p = 0; p < upper.length; p++) upper[p] = (state.scatter[p] as number) / divisor;
  if (!center) addOuterProduct(upper, mean(state), state.count / divisor);
  return { order: state.features, upper };
}

function requireSamples(caller: string, state: MomentsState, ddof: number): void {
  checkState(caller, state);
  if (state.count > ddof) return;
  const needed = ddof === 0 ? "at least one sample" : `more than ${ddof} samples (ddof)`;
  throw new RangeError(`${caller}: needs ${needed}, got ${state.count}`);
}
