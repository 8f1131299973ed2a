import { dimensionalityOf, type IdimRule, intrinsicDimensionality } from "./intrinsic-dimensionality.js";
import type { Statistic } from "./statistic.js";

/**
 * Share of a layer's feature directions that carry variance: its intrinsic dimensionality divided by its number of
 * features; 0 for a layer without variance.
 *
 * Takes eigenvalues, not the covariance matrix, so that one decomposition serves every statistic of a layer.
 *
 * @param eigenvalues - Of the covariance matrix, in any order; negative ones count as 0.
 * @param threshold - Share of the variance to carry, in (0, 1].
 * @throws {RangeError} If the threshold lies outside, or an eigenvalue is not finite, or there is none.
 * @example
 * saturation([4, 4, 0, 0]); // 0.5
 */
export function saturation(
  eigenvalues: ArrayLike<number>,
  threshold = 0.99,
  rule: IdimRule = "documented",
): number {
  return intrinsicDimensionality(eigenvalues, threshold, rule) / eigenvalues.length;
}

export const lsat: Statistic = {
  key: "lsat",
  label: "saturation",
  needs: ["top"],
  compute: ({ spectrum, threshold, idimRule }) =>
    dimensionalityOf(spectrum, threshold, idimRule) / spectrum.order,
};
