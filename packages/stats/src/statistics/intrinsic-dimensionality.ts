import type { Spectrum } from "../spectrum.js";
import type { Statistic } from "./statistic.js";

/**
 * What counts as the intrinsic dimensionality.
 *
 * - `documented`: the least number of directions that together carry the share.
 * - `delve`: what Delve 0.1.50 computes, the number of leading shares strictly below it, mostly one less.
 */
export type IdimRule = "documented" | "delve";

export const IDIM_RULES: readonly IdimRule[] = ["documented", "delve"];

/**
 * Number of directions that it takes to carry a share of the variance; 0 for a layer without variance.
 *
 * With the documented rule a share that misses the threshold by rounding alone (d · 2⁻⁵², the error of summing d
 * numbers) has reached it: three of four equal eigenvalues carry 0.75, seven of ten 0.7, and at threshold 1 the
 * result is the numerical rank. Delve's rule takes the sums as they are, and any threshold: above 1 it counts all.
 *
 * @param eigenvalues - Of the covariance matrix, in any order; negative ones count as 0.
 * @param threshold - Share of the variance to carry, in (0, 1].
 * @throws {RangeError} If the threshold lies outside, or an eigenvalue is not finite, or there is none.
 * @example
 * intrinsicDimensionality([4, 4, 2, 0], 0.9); // 3
 * intrinsicDimensionality([4, 4, 2, 0], 0.9, "delve"); // 2
 */
export function intrinsicDimensionality(
  eigenvalues: ArrayLike<number>,
  threshold = 0.99,
  rule: IdimRule = "documented",
): number {
  checkThreshold("intrinsicDimensionality", threshold, rule);
  const shares = scaledDescending(eigenvalues);
  const total = shares.reduce((sum, share) => sum + share, 0);
  if (total === 0) return 0;
  const reached = rule === "delve" ? threshold : threshold - shares.length * Number.EPSILON;
  let carried = 0;
  for (let k = 0; k < shares.length; k++) {
    carried += shares[k]!;
    if (carried / total >= reached) return rule === "delve" ? k : k + 1;
  }
  return shares.length;
}

/**
 * The same from a spectrum whose leading eigenvalues were asked for with this very threshold. As many as were found
 * reach it, beyond rounding, and one less does not.
 */
export function dimensionalityOf({ top }: Spectrum, threshold: number, rule: IdimRule): number {
  if (top.complete) return intrinsicDimensionality(top.values, threshold, rule);
  return rule === "delve" ? top.values.length - 1 : top.values.length;
}

/** Refuses a threshold that the rule does not know. */
export function checkThreshold(where: string, threshold: number, rule: IdimRule): void {
  const fine = rule === "delve" ? Number.isFinite(threshold) : threshold > 0 && threshold <= 1;
  if (fine) return;
  const wanted = rule === "delve" ? "a finite number" : "in (0, 1]";
  throw new RangeError(`${where}: threshold must be ${wanted}, got ${threshold}`);
}

/** Descending, negatives as 0, divided by the largest so that the sum of huge ones is finite. */
function scaledDescending(eigenvalues: ArrayLike<number>): Float64Array {
  if (eigenvalues.length === 0) {
    throw new RangeError("intrinsicDimensionality: needs at least one eigenvalue, got 0");
  }
  const values = Float64Array.from(eigenvalues, (value, i) => {
    if (Number.isFinite(value)) return Math.max(value, 0);
    throw new RangeError(`intrinsicDimensionality: eigenvalues must be finite, got ${value} at ${i}`);
  });
  values.sort().reverse();
  const largest = values[0]!;
  return largest > 0 ? values.map((value) => value / largest) : values;
}

export const idim: Statistic = {
  key: "idim",
  label: "intrinsic-dimensionality",
  needs: ["top"],
  integer: true,
  compute: ({ spectrum, threshold, idimRule }) => dimensionalityOf(spectrum, threshold, idimRule),
};
