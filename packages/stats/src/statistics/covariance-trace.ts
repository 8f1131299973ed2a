import { type MomentsState, trace } from "@delve/kernel";
import type { Statistic } from "./statistic.js";

/**
 * Total variance: the sum of the variances (population, divided by n) of all features.
 *
 * @throws {RangeError} If the state has no samples.
 * @example
 * const state = { features: 2, count: 4, shift: Float64Array.of(2, 1), offset: new Float64Array(2), scatter: Float64Array.of(16, 0, 4) };
 * covarianceTrace(state); // 5
 */
export function covarianceTrace({ features, count, scatter }: MomentsState): number {
  if (count === 0) throw new RangeError("covarianceTrace: needs at least one sample, got 0");
  return trace({ order: features, upper: scatter }) / count;
}

export const trc: Statistic = {
  key: "trc",
  label: "covariance-trace",
  needs: ["moments"],
  compute: ({ state }) => covarianceTrace(state),
};
