import type { Geometry } from "./geometry.js";
import type { CutSamples } from "./mode.js";
import { columnGrid, powersOfTwo } from "./slice-float64.js";

/**
 * Rounds float64 samples to float32 on the scale of their column, as the kernel `SCALE_ROWS` would write them: 2^-47 of
 * what they are on their grid. A GPU cannot read float64, so that this is done before they are sent.
 *
 * @param values - Row-major, contiguous and finite, `geometry.rows` × `geometry.features`.
 */
export function scaleFloat64(values: Float64Array, geometry: Geometry): CutSamples {
  const { rows, features, columns, operandBytes } = geometry;
  const operands = new Float32Array(operandBytes / 4);
  const grid = { base: new Float64Array(features), exponent: new Int32Array(features) };
  const sums = new Float64Array(features);
  for (let f = 0; f < features; f++) {
    const [base, exponent] = columnGrid(values, f, rows, features);
    grid.base[f] = base;
    grid.exponent[f] = exponent;
    const [first, second] = powersOfTwo(-exponent);
    for (let r = 0; r < rows; r++) {
      const onGrid = (values[r * features + f]! - base) * first * second;
      sums[f]! += onGrid;
      operands[r * columns + f] = onGrid * 2 ** -47;
    }
  }
  return { operands, grid, sums };
}
