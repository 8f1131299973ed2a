import { type Geometry, SLICES } from "./geometry.js";
import type { Grid } from "./grid.js";

/** No integer X of a column is larger: what six balanced bytes can hold. */
const LARGEST = 0x7f7f_7f7f_7f7f;

/** Exponent of the least float64: finer than that no column needs to be. */
const LEAST_EXPONENT = -1074;

/** Samples as signed bytes, as the kernel `SLICE_ROWS` would write them, and what they mean. */
export interface SlicedSamples {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly grid: Grid;
}

/**
 * Cuts float64 samples into slices. A GPU cannot read float64, so that this is done before they are sent.
 *
 * @param values - Row-major, contiguous and finite, `geometry.rows` × `geometry.features`.
 */
export function sliceFloat64(values: Float64Array, geometry: Geometry): SlicedSamples {
  const { rows, features, groups, columns, operandBytes } = geometry;
  const bytes = new Uint8Array(operandBytes);
  const grid = { base: new Float64Array(features), exponent: new Int32Array(features) };
  const stride = groups * columns * 4;
  for (let f = 0; f < features; f++) {
    const [base, exponent] = columnGrid(values, f, rows, features);
    grid.base[f] = base;
    grid.exponent[f] = exponent;
    const [first, second] = powersOfTwo(-exponent);
    for (let r = 0; r < rows; r++) {
      const onGrid = Math.round((values[r * features + f]! - base) * first * second);
      writeDigits(bytes, byteIndex(r, f, columns), stride, onGrid);
    }
  }
  for (let r = 0; r < rows; r++) bytes[byteIndex(r, features, columns)] = 1;
  return { bytes, grid };
}

/** Where the leading byte of an element lies: four rows share a word. */
function byteIndex(row: number, column: number, columns: number): number {
  return ((row >> 2) * columns + column) * 4 + (row & 3);
}

/** Adding 0x80…80 and flipping the top bit of each byte makes the bytes balanced digits. */
function writeDigits(bytes: Uint8Array, at: number, stride: number, onGrid: number): void {
  const shifted = onGrid + 0x8080_8080_8080;
  const high = Math.floor(shifted / 2 ** 24);
  const low = shifted - high * 2 ** 24;
  for (let s = 0; s < SLICES; s++) {
    const byte = s < 3 ? high >> (16 - 8 * s) : low >> (40 - 8 * s);
    bytes[at + s * stride] = (byte & 255) ^ 0x80;
  }
}

/** Base near the mean (the very value of a column that does not vary), and the least exponent at which X fits. */
export function columnGrid(
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

/** Two factors of 2^exponent, which alone may not be a number. */
export function powersOfTwo(exponent: number): [number, number] {
  const half = Math.trunc(exponent / 2);
  return [2 ** half, 2 ** (exponent - half)];
}

/** The least exponent at which reach·2^−exponent stays within what the digits hold. */
function exponentFor(reach: number): number {
  if (reach === 0) return 0;
  // Math.log2 may be off by one next to a power of two; the loop below and the slack of one bit settle it.
  let exponent = Math.max(Math.floor(Math.log2(reach)) - 46, LEAST_EXPONENT);
  while (reach / 2 ** Math.trunc(exponent / 2) / 2 ** (exponent - Math.trunc(exponent / 2)) > LARGEST - 1) {
    exponent++;
  }
  return exponent;
}
