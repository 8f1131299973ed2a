import type { Statistic } from "./statistic.js";

/**
 * The eigenvalues of the covariance matrix, descending, as a matrix of one row: all that saturation and intrinsic
 * dimensionality need, at any threshold, for a fraction of the room of the matrix. The npy writer saves it, the TensorBoard
 * writer makes a histogram of it.
 */
export const spectrum: Statistic = {
  key: "spectrum",
  label: "spectrum",
  needs: ["values"],
  matrix: "row",
  compute: ({ spectrum: { clipped } }) => ({ rows: 1, columns: clipped.length, data: clipped }),
};
