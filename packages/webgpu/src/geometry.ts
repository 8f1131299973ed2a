/**
 * How samples are cut for the GPU. A *pass* takes up to `MOST_ROWS` rows; its values become `SLICES` signed bytes each;
 * four rows of a column and slice share a 32-bit word (a *group*); the products of all columns are computed in square
 * tiles on and above the diagonal.
 */

/** Bytes that a value is cut into: a fixed-point number of 48 bits. */
export const SLICES = 6;

/**
 * Products of slices s and t are summed where s + t is below this; together all of one s + t make a *level*, whose
 * products share a power of 256.
 */
export const LEVELS = 7;

/**
 * Rows of a pass. A level sums at most 6 products of two signed bytes a row, so that 6·2^14·16384 stays below 2^31;
 * and the bound on the error, which grows with the rows, stays below 6e-12 whatever the samples are.
 */
export const MOST_ROWS = 16384;

/** Groups whose products are summed in float32 before the sum is handed over, in the mode "fast": 64 rows. */
export const CHUNK_GROUPS = 16;

/** Binary places of the integers that take in sums of chunks, and further places of those that take in what remains. */
export const HALF_BITS = 16;
export const FINE_BITS = 22;

/** Columns of a tile. */
export const TILE = 32;

/** 32-bit words of one sum of products as it is read back: a two's complement integer of 96 bits. */
export const LIMBS = 3;

/** 32-bit words that say what the numbers of a column mean. */
export const GRID_WORDS = 4;

/** 32-bit words of the sum of a column. */
export const SUM_WORDS = 4;

/** Sizes of one pass. */
export interface Geometry {
  readonly rows: number;
  readonly features: number;
  /** Groups of four rows. */
  readonly groups: number;
  /** Features and any column of ones, padded to what a thread reads at a time. */
  readonly columns: number;
  /** Tiles along a side. */
  readonly tiles: number;
  /** Bytes of what products are taken of. */
  readonly operandBytes: number;
}

/** What operands are. */
export interface Operands {
  /** Columns beside the features. */
  readonly more: number;
  /** Bytes of a value. */
  readonly valueBytes: number;
}

/** Sizes for `rows` rows of `features` values. */
export function geometryOf(rows: number, features: number, { more, valueBytes }: Operands): Geometry {
  const groups = Math.ceil(rows / 4);
  const columns = roundUp(features + more, 4);
  return {
    rows,
    features,
    groups,
    columns,
    tiles: Math.ceil(columns / TILE),
    operandBytes: groups * 4 * columns * valueBytes,
  };
}

/** The most rows a pass can have where a binding holds `bindingBytes`, from the sizes of one row; 0 where not even one fits. */
export function mostRows({ operandBytes }: Geometry, bindingBytes: number): number {
  return Math.min(MOST_ROWS, 4 * Math.floor(bindingBytes / operandBytes));
}

/** Tiles in a run of tile columns, from the diagonal up. */
export function tilesBetween(from: number, to: number): number {
  return (to * (to + 1) - from * (from + 1)) / 2;
}

function roundUp(value: number, multiple: number): number {
  return Math.ceil(value / multiple) * multiple;
}
