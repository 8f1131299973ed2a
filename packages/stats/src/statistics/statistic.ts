import type { MomentsState } from "@delve/kernel";
import type { MatrixValue, StatValue } from "../records.js";
import type { Spectrum } from "../spectrum.js";
import type { IdimRule } from "./intrinsic-dimensionality.js";

/**
 * What a statistic has to be given, so that nothing is computed that nobody asked for.
 *
 * - `moments`: the accumulated moments, always there.
 * - `top`: the leading eigenvalues, as many as carry the share `threshold` (`spectrum.top`); on large layers that
 *   costs a fraction of all of them.
 * - `values`: all eigenvalues.
 * - `vectors`: the principal axes too.
 * - `samples`: some of the samples themselves (`embedSamples` says how many).
 */
export type Need = "moments" | "top" | "values" | "vectors" | "samples";

/** What a statistic computes from: the samples of one layer in one phase since the last save. */
export interface StatisticContext {
  readonly state: MomentsState;
  /** There for statistics that need `top`, `values` or `vectors`. */
  readonly spectrum: Spectrum;
  /**
   * There for statistics that need `samples`: a row for each of up to `embedSamples` samples, a uniform random choice
   * in the order in which they came. Layers that were given the same inputs have the same of them.
   */
  readonly samples: MatrixValue;
  /** Share of the variance that counts, in (0, 1] (`satThreshold`). */
  readonly threshold: number;
  readonly idimRule: IdimRule;
}

/**
 * One number (or matrix) that tells something about a layer. Hand an object of this kind to `stats` to add one.
 *
 * @example
 * const largestVariance: Statistic = {
 *   key: "top1",
 *   label: "largest-variance",
 *   needs: ["values"],
 *   compute: ({ spectrum }) => spectrum.clipped[0]!,
 * };
 */
export interface Statistic {
  /** Short name, as in `stats: ["lsat"]`. */
  readonly key: string;
  /** Name in files and plots: the column `train-saturation_fc` has the label `saturation`. */
  readonly label: string;
  readonly needs: readonly Need[];
  /** A count: written without a decimal point. False when left out. */
  readonly integer?: boolean;
  /**
   * Yields a matrix, for which most files have no place, or one row of values, of which TensorBoard makes a
   * histogram. False when left out.
   */
  readonly matrix?: boolean | "row";
  compute(context: StatisticContext): StatValue;
}
