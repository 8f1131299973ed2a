import type { Geometry } from "./geometry.js";
import { putOnGrid } from "./grid-float64.js";
import type { CutSamples } from "./mode.js";

/**
 * Rounds float64 samples to float32 on the scale of their column, as the kernel `SCALE_ROWS` would write them: 2^-47 of
 * what they are on their grid. A GPU cannot read float64, so that this is done before they are sent.
 *
 * @param values - Row-major, contiguous and finite, `geometry.rows` × `geometry.features`.
 */
export function scaleFloat64(values: Float64Array, geometry: Geometry): CutSamples {
  const { rows, features, columns, operandBytes } = geometry;
  const operands = new Float32Array(operandBytes / 4);
  const sums = new Float64Array(features);
  const grid = putOnGrid(values, geometry, (column, feature) => {
    for (let r = 0; r < rows; r++) {
      sums[feature]! += column[r]!;
      operands[r * columns + feature] = column[r]! * 2 ** -47;
    }
  });
  return { operands, grid, sums };
}
