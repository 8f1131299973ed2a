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
