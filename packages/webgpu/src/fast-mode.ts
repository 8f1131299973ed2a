import { combine, elementIndex, type PassResult } from "./combine.js";
import { FLOAT_BOUND } from "./error-bound.js";
import { CHUNK_GROUPS, FINE_BITS, type Geometry, geometryOf, HALF_BITS } from "./geometry.js";
import type { Columns, PassMode } from "./mode.js";
import { scaleFloat64 } from "./scale-float64.js";
import { SCALED_ROWS } from "./wgsl/scaled.js";

/** Values as float32 y = X·2^-47, whose products are summed in two levels: chunks in float32, these in integers. */
export const FAST: PassMode = {
  name: "fast",
  // 450 of it, the tests' bound on covariances, are 1.3e-5.
  epsilon: 2 ** -25,
  operandRows: SCALED_ROWS,
  addsColumns: true,
  step: CHUNK_GROUPS,
  sumWords: 2,
  resultWords: 2,
  geometryOf: (rows, features) => geometryOf(rows, features, { more: 0, valueBytes: 4 }),
  cut: scaleFloat64,
  combine: combineHalves,
};

function combineHalves(words: Uint32Array, { grid, sums }: Columns, geometry: Geometry): PassResult {
  const halves = new Int32Array(words.buffer, words.byteOffset, words.length);
  const product = (i: number, j: number) => {
    const [coarse, fine] = [halves[elementIndex(i, j, 2, 0)]!, halves[elementIndex(i, j, 2, 1)]!];
    return (coarse + fine * 2 ** -FINE_BITS) * 2 ** -HALF_BITS;
  };
  const state = combine({ columns: sums!, product, unit: 47 }, grid, geometry);
  return { state, bound: FLOAT_BOUND };
}
