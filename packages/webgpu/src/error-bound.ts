import { diagonal, type MomentsState } from "@delve/kernel";
import type { Grid } from "./grid.js";

/** Rounding to the grid, in its units; the hundredth is what float64 loses on the way there. */
const ROUNDING = 0.51;

/** Products of slices that are left out, for one row, in units of the grid: 4, 3, 2 and 1 pairs of bytes up to 2^7. */
const LEFT_OUT = 4 * 2 ** 38 + 3 * 2 ** 30 + 2 * 2 ** 22 + 2 ** 14;

/** Float64 arithmetic on the sums, and the kernel's own promise for merging the passes. */
const ARITHMETIC = 1e-13;

/**
 * An upper bound of |ΔC_ij| / √(C_ii C_jj) for the covariance of a pass.
 *
 * With u the unit of a column's grid, n rows and S its scatter, rounding changes the column by at most √n·u/2 in
 * norm, and the products that are left out change an element by at most n·LEFT_OUT·u_i·u_j. Both are largest for
 * the column with the largest n·u²/S, which is the square of its half-range over its standard deviation, times 2^-92
 * or so. No sample can be farther from the mean than √S, so that n ≤ 16384 rows keep the bound below 6e-12.
 *
 * The bound of several passes together is the largest of theirs: by Cauchy and Schwarz Σ√(S_i S_j) ≤ √(ΣS_i ΣS_j), and
 * what lies between the means of the passes only adds to the scatter.
 */
export function errorBound(state: MomentsState, grid: Grid): number {
  let worst = 0;
  diagonal({ order: state.features, upper: state.scatter }).forEach((scatter, f) => {
    // A column that does not vary is exact.
    if (scatter === 0) return;
    const ratio = 2 ** grid.exponent[f]! / Math.sqrt(scatter);
    worst = Math.max(worst, ratio);
  });
  const rounding = ROUNDING * Math.sqrt(state.count) * worst;
  return ARITHMETIC + rounding * (2 + rounding) + state.count * LEFT_OUT * worst * worst;
}
