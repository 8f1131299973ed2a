import type { MomentsState } from "@delve/kernel";
import type { MatrixValue } from "../records.js";
import type { Statistic } from "./statistic.js";

/**
 * The covariance matrix (population, divided by n) in full, both triangles.
 *
 * @throws {RangeError} If the state has no samples.
 */
export function covarianceMatrix({ features, count, scatter }: MomentsState): MatrixValue {
  if (count === 0) throw new RangeError("covarianceMatrix: needs at least one sample, got 0");
  const data = new Float64Array(features * features);
  let packed = 0;
  for (let i = 0; i < features; i++) {
    for (let j = i; j < features; j++) {
      data[i * features + j] = data[j * features + i] = scatter[packed++]! / count;
    }
  }
  return { rows: features, columns: features, data };
}

export const cov: Statistic = {
  key: "cov",
  label: "covariance-matrix",
  needs: ["moments"],
  compute: ({ state }) => covarianceMatrix(state),
};
