import { combine, elementIndex, type PassResult } from "./combine.js";
import { errorBound } from "./error-bound.js";
import { type Geometry, geometryOf, LEVELS, LIMBS, SLICES } from "./geometry.js";
import type { Columns, PassMode } from "./mode.js";
import { sliceFloat64 } from "./slice-float64.js";

/** Joined sums are in units of 4^16 of X_i·X_j: the levels that were left out lie below. */
const UNIT = 16;

/** X of the column of ones is 2^40: its joined sum with column i is 2^8·ΣX_i. */
const ONES = 2 ** 8;

/** Values as six signed bytes, whose products are summed in integers. */
export const EXACT: PassMode = {
  name: "exact",
  // 450 of it, the tests' bound on covariances, are the 6e-12 that no sample exceeds. Decompositions are float64.
  epsilon: 2 ** -46,
  operandRows: 32,
  addsColumns: false,
  step: 1,
  sumWords: LEVELS,
  resultWords: LIMBS,
  geometryOf: (rows, features) => geometryOf(rows, features, { more: 1, valueBytes: SLICES }),
  cut: (values, geometry) => {
    const { bytes, grid } = sliceFloat64(values, geometry);
    return { operands: bytes, grid, sums: null };
  },
  combine: combineLimbs,
};

function combineLimbs(limbs: Uint32Array, { grid }: Columns, geometry: Geometry): PassResult {
  const { features } = geometry;
  const columns = Float64Array.from({ length: features }, (_, f) => joinedSum(limbs, f, features) / ONES);
  const sums = { columns, unit: UNIT, product: (i: number, j: number) => joinedSum(limbs, i, j) };
  const state = combine(sums, grid, geometry);
  return { state, bound: errorBound(state, grid) };
}

/** A 96-bit integer as a float64, rounded relative to itself: it is negated before, not after, it is rounded. */
function joinedSum(limbs: Uint32Array, i: number, j: number): number {
  const at = elementIndex(i, j, 1, 0) * LIMBS;
  const [low, middle, high] = [limbs[at]!, limbs[at + 1]!, limbs[at + 2]!];
  if (high < 2 ** 31) return high * 2 ** 64 + (middle * 2 ** 32 + low);
  const [notLow, notMiddle, notHigh] = [~low >>> 0, ~middle >>> 0, ~high >>> 0];
  return -(notHigh * 2 ** 64 + (notMiddle * 2 ** 32 + notLow) + 1);
}
