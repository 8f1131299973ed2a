import type { Statistic } from "./statistic.js";

/**
 * Total variance by way of the eigenvalues: their sum, negative ones as 0. Agrees with the trace of the covariance
 * matrix up to rounding.
 *
 * @example
 * diagonalTrace([3, 1, -1e-17]); // 4
 */
export function diagonalTrace(eigenvalues: ArrayLike<number>): number {
  let sum = 0;
  for (let k = 0; k < eigenvalues.length; k++) sum += Math.max(eigenvalues[k]!, 0);
  return sum;
}

export const dtrc: Statistic = {
  key: "dtrc",
  label: "diagonal-trace",
  needs: ["values"],
  compute: ({ spectrum }) => diagonalTrace(spectrum.values),
};
