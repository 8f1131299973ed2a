import { type Geometry, SLICES } from "./geometry.js";
import type { Grid } from "./grid.js";
import { putOnGrid } from "./grid-float64.js";

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
  const stride = groups * columns * 4;
  const grid = putOnGrid(values, geometry, (column, feature) => {
    for (let r = 0; r < rows; r++) {
      writeDigits(bytes, byteIndex(r, feature, columns), stride, Math.round(column[r]!));
    }
  });
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
