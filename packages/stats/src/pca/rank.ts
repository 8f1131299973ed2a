import { show, unknownName } from "../names.js";

/**
 * How a subspace is chosen by its share of the variance.
 *
 * - `steady`: Delve's rule, not at the mercy of the last bit of a sum: a share that misses the threshold by
 *   rounding alone (d · 2⁻⁵²) has reached it, and a threshold of 1 keeps every direction that varies.
 * - `delve`: the numbers of Delve 0.1.50, which rounds the threshold to float32 and takes the sums as they are.
 */
export type PcaRule = "steady" | "delve";

const RULES: readonly PcaRule[] = ["steady", "delve"];

/** What the leading shares may fall short of the threshold by. */
const GAP = 0.02;

/**
 * Number of principal directions that a PCA layer keeps: as many as have a cumulative share of the variance below
 * the threshold, one more where that leaves a gap of more than 0.02, and at least one.
 *
 * So the share that is kept may stay below the threshold by up to 0.02, unlike with `intrinsicDimensionality`.
 *
 * @param eigenvalues - Of the covariance matrix, descending; negative ones count as 0.
 * @param threshold - Share of the variance, in (0, 1].
 * @throws {RangeError} If the threshold lies outside, the rule is unknown, or there is no eigenvalue.
 * @example
 * pcaRank([4, 4, 2, 0], 0.9); // 3
 * pcaRank([4, 4, 2, 0], 0.81); // 2
 * pcaRank([9, 1], 0.1); // 1
 */
export function pcaRank(eigenvalues: ArrayLike<number>, threshold: number, rule: PcaRule = "steady"): number {
  checkPcaThreshold("pcaRank", threshold);
  if (!RULES.includes(rule)) throw unknownName("pcaRank: rule", rule, RULES);
  if (eigenvalues.length === 0) throw new RangeError("pcaRank: needs at least one eigenvalue, got 0");
  const shares = cumulativeShares(eigenvalues);
  const wanted = rule === "delve" ? Math.fround(threshold) : threshold;
  const reached = rule === "delve" ? wanted : wanted - shares.length * Number.EPSILON;
  const below = shares.findIndex((share) => !(share < reached));
  const k = below === -1 ? shares.length : below;
  if (k === 0) return 1;
  const extend = wanted - shares[k - 1]! > GAP || (rule === "steady" && threshold === 1);
  return Math.min(extend ? k + 1 : k, shares.length);
}

/** Refuses a threshold that is no share. */
export function checkPcaThreshold(where: string, threshold: number): void {
  if (threshold > 0 && threshold <= 1) return;
  throw new RangeError(`${where}: threshold must be in (0, 1], got ${show(threshold)}`);
}

/** Sums of the leading shares; all NaN, and so below no threshold, where nothing varies. */
function cumulativeShares(eigenvalues: ArrayLike<number>): Float64Array {
  const largest = Math.max(eigenvalues[0]!, 0);
  // Over the largest, so that the sum of huge values is finite.
  const values = Float64Array.from(eigenvalues, (value) => Math.max(value, 0) / largest);
  const total = values.reduce((sum, value) => sum + value, 0);
  let carried = 0;
  return values.map((value) => (carried += value) / total);
}
