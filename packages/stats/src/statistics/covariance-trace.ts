import type { MomentsState } from "@delve/kernel";
import type { Statistic } from "./statistic.js";

/**
 * Total variance: the sum of the variances (population, divided by n) of all features.
 *
 * @throws {RangeError} If the state has no samples.
 */
export function covarianceTrace({ features, count, scatter }: MomentsState): number {
  if (count === 0) throw new RangeError("covarianceTrace: needs at least one sample, got 0");
  let sum = 0;
  // The diagonal of a packed upper triangle: rows get one shorter each time.
  for (let i = 0, at = 0; i < features; at += features - i, i++) sum += scatter[at]! / count;
  return sum;
}

export const trc: Statistic = {
  key: "trc",
  label: "covariance-trace",
  needs: ["moments"],
  compute: ({ state }) => covarianceTrace(state),
};
