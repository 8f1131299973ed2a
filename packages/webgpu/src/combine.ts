import { emptyState, type MomentsState, packedLength } from "@delve/kernel";
import { errorBound } from "./error-bound.js";
import { type Geometry, LIMBS, TILE } from "./geometry.js";
import type { Grid } from "./grid.js";

/** Units of a joined sum, in those of X_i·X_j: the levels that were left out lie below. */
const JOINED_UNIT = 2 ** 32;

/** X of the column of ones is 2^40: its joined sum with column i is 2^8·ΣX_i. */
const ONES = 2 ** 8;

/** The moments of a pass, and how far its covariance may be from the true one. */
export interface PassResult {
  readonly state: MomentsState;
  readonly bound: number;
  /** What the device has to tell of rows that lay there. */
  readonly tally?: Uint32Array;
}

/**
 * Moments from the integer sums of a pass. As the base is next to the mean, taking off its square cancels nothing.
 *
 * @param limbs - Joined sums, tile after tile of the upper triangle in the order of tile columns.
 */
export function combine(limbs: Uint32Array, grid: Grid, geometry: Geometry): PassResult {
  const { rows, features } = geometry;
  if (rows === 0) return { state: emptyState(features), bound: 0 };
  const sums = columnSums(limbs, features);
  const scatter = new Float64Array(packedLength(features));
  // 2^exponent·√JOINED_UNIT: a power of two that every column's own sums survive.
  const scale = Float64Array.from(grid.exponent, (exponent) => 2 ** (exponent + 16));
  const share = sums.map((sum) => sum / (rows * JOINED_UNIT));
  for (let i = 0, p = 0; i < features; i++) {
    for (let j = i; j < features; j++, p++) {
      const centred = joinedSum(limbs, i, j) - share[i]! * sums[j]!;
      scatter[p] = centred * scale[i]! * scale[j]!;
    }
  }
  const offset = sums.map((sum, f) => (sum / rows) * 2 ** grid.exponent[f]!);
  const state = { features, count: rows, shift: grid.base, offset, scatter };
  return { state, bound: errorBound(state, grid) };
}

/** ΣX of every column, from the column of ones. */
function columnSums(limbs: Uint32Array, features: number): Float64Array {
  return Float64Array.from({ length: features }, (_, f) => joinedSum(limbs, f, features) / ONES);
}

/** A 96-bit integer as a float64, rounded relative to itself: it is negated before, not after, it is rounded. */
function joinedSum(limbs: Uint32Array, i: number, j: number): number {
  const [tileRow, tileColumn] = [Math.floor(i / TILE), Math.floor(j / TILE)];
  const slot = (tileColumn * (tileColumn + 1)) / 2 + tileRow;
  const at = ((slot * TILE + (i % TILE)) * TILE + (j % TILE)) * LIMBS;
  const [low, middle, high] = [limbs[at]!, limbs[at + 1]!, limbs[at + 2]!];
  if (high < 2 ** 31) return high * 2 ** 64 + (middle * 2 ** 32 + low);
  const [notLow, notMiddle, notHigh] = [~low >>> 0, ~middle >>> 0, ~high >>> 0];
  return -(notHigh * 2 ** 64 + (notMiddle * 2 ** 32 + notLow) + 1);
}
