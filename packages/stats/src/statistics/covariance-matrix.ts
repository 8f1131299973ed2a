import { covariance, type MomentsState, unpackUpper } from "@delve/kernel";
import type { MatrixValue } from "../records.js";
import type { Statistic } from "./statistic.js";

/**
 * The covariance matrix (population, divided by n) in full, both triangles.
 *
 * @throws {RangeError} If the state has no samples.
 * @example
 * const state = { features: 2, count: 4, shift: Float64Array.of(2, 1), offset: new Float64Array(2), scatter: Float64Array.of(16, 0, 4) };
 * covarianceMatrix(state); // { rows: 2, columns: 2, data: [4, 0, 0, 1] }
 */
export function covarianceMatrix(state: MomentsState): MatrixValue {
  return { rows: state.features, columns: state.features, data: unpackUpper(covariance(state)) };
}

export const cov: Statistic = {
  key: "cov",
  label: "covariance-matrix",
  needs: ["moments"],
  matrix: true,
  compute: ({ state }) => covarianceMatrix(state),
};
