import type { Geometry } from "./geometry.js";
import type { Grid } from "./grid.js";

/** No integer X of a column is larger: what six balanced bytes can hold. */
const LARGEST = 0x7f7f_7f7f_7f7f;

/** Exponent of the least float64: finer than that no column needs to be. */
const LEAST_EXPONENT = -1074;

/**
 * The grid of float64 samples, column by column.
 *
 * @param values - Row-major, contiguous and finite, `rows` × `features`.
 * @param take - Called with each column in units of its grid, before it is rounded; valid until it returns.
 */
export function putOnGrid(
  values: Float64Array,
  { rows, features }: Geometry,
  take: (column: Float64Array, feature: number) => void,
): Grid {
  const grid = { base: new Float64Array(features), exponent: new Int32Array(features) };
  const column = new Float64Array(rows);
  for (let f = 0; f < features; f++) {
    const [base, exponent] = columnGrid(values, f, rows, features);
    grid.base[f] = base;
    grid.exponent[f] = exponent;
    const [first, second] = powersOfTwo(-exponent);
    for (let r = 0; r < rows; r++) column[r] = (values[r * features + f]! - base) * first * second;
    take(column, f);
  }
  return grid;
}

/** Base near the mean (the very value of a column that does not vary), and the least exponent at which X fits. */
function columnGrid(
  values: Float64Array,
  feature: number,
  rows: number,
  features: number,
): [base: number, exponent: number] {
  const first = values[feature]!;
  let [least, greatest, distance] = [first, first, 0];
  for (let at = feature; at < rows * features; at += features) {
    const value = values[at]!;
    if (value < least) least = value;
    if (value > greatest) greatest = value;
    distance += value - first;
  }
  const base = Math.min(Math.max(first + distance / rows, least), greatest);
  return [base, exponentFor(Math.max(greatest - base, base - least))];
}

/** The least exponent at which reach·2^−exponent stays within what the digits hold. */
function exponentFor(reach: number): number {
  if (reach === 0) return 0;
  // Math.log2 may be off by one next to a power of two; the loop below and the slack of one bit settle it.
  let exponent = Math.max(Math.floor(Math.log2(reach)) - 46, LEAST_EXPONENT);
  while (!fits(reach, exponent)) exponent++;
  return exponent;
}

function fits(reach: number, exponent: number): boolean {
  const [first, second] = powersOfTwo(-exponent);
  return reach * first * second <= LARGEST - 1;
}

/** Two factors of 2^exponent, which alone may not be a number. */
function powersOfTwo(exponent: number): [number, number] {
  const half = Math.trunc(exponent / 2);
  return [2 ** half, 2 ** (exponent - half)];
}
