import { diagonal, type MomentsState } from "@delve/kernel";
import { CHUNK_GROUPS } from "./geometry.js";
import type { Grid } from "./grid.js";

/**
 * Rounding to the grid, in its units: a half, and before it at most 2^-7, which the difference from the base loses in
 * float64, or 2^-14, which `fixedPoint` cuts off.
 */
const ROUNDING = 0.51;

/** Products of slices that are left out, for one row, in units of the grid: 4, 3, 2 and 1 pairs of bytes up to 2^7. */
const LEFT_OUT = 4 * 2 ** 38 + 3 * 2 ** 30 + 2 * 2 ** 22 + 2 ** 14;

/** Float64 arithmetic on the sums, and the kernel's own promise for merging the passes. */
const ARITHMETIC = 1e-13;

/**
 * An upper bound of |ΔC_ij| / √(C_ii C_jj) for the covariance of a pass.
 *
 * Let u be the unit of a column's grid, n ≤ 16384 the rows, S the scatter of the column, and w the largest u/√S.
 *
 * 1. Rounding moves a column by at most ROUNDING·√n·u in norm, that is, by a share r = ROUNDING·√n·w of √S. By Cauchy and
 *    Schwarz this changes an element of the scatter by at most (2r + r²)·√(S_i S_j).
 * 2. The products that are left out change it by at most n·LEFT_OUT·u_i·u_j ≤ n·LEFT_OUT·w²·√(S_i S_j).
 *
 * It never exceeds 6e-12, so that six slices do for any samples: no sample is farther from the mean than √S, and the
 * base is next to the mean, within √S/√n (float64, where it is rounded: the samples are no closer to the mean than the
 * float64 next to it) or 2^-13·√S (float32). The farthest sample from the base is at least 0.996·2^46 units away from it.
 * So √n·w ≤ (√n + 1)·1.004·2^-46 ≤ 1.85e-12, and the sum of both is at most 5.8e-12.
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

/**
 * The same for the mode "fast", of any samples: 7.8e-6.
 *
 * A value y = (x − base)·2^k is the float32 next to it, off by a share of 2^-24 of itself. A product of a chunk of m = 64
 * rows is rounded at most m times, in whatever order they are summed and whether or not multiplication and addition are
 * fused, by a share of 2^-23 each: WGSL asks for either neighbour. So the error of a chunk is at most a share
 * γ = (1 + 2^-23)^m·(1 + 2^-24)² − 1 of Σ|y_i·y_j|, and that of all chunks, by Cauchy and Schwarz, of √(Σy_i²·Σy_j²). Column
 * sums are exact, and the base is so near the mean that Σy² exceeds the scatter by a share of 2^-12 at most. What remains,
 * 2^-39 for each of 256 chunks, is below 2^-29 of the scatter, which the farthest sample alone makes 0.248 or more.
 */
export const FLOAT_BOUND: number =
  ((1 + 2 ** -23) ** (4 * CHUNK_GROUPS) * (1 + 2 ** -24) ** 2 - 1) * (1 + 2 ** -12) + 2 ** -28;
