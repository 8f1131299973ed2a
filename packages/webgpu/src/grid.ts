import { GRID_WORDS, SUM_WORDS } from "./geometry.js";

/** What the integers X of a pass mean, column by column: a value is base + X·2^exponent, up to half of 2^exponent. */
export interface Grid {
  readonly base: Float64Array;
  readonly exponent: Int32Array;
}

/** Exponent of the units of the GPU's 64-bit integers, beside a column's largest biased exponent. */
const FIXED_POINT_BIAS = 188;

/** The grid as the kernel `COLUMN_GRID` writes it. Exact: a base has at most 53 significant bits. */
export function decodeGrid(words: Uint32Array, features: number): Grid {
  const base = new Float64Array(features);
  const exponent = new Int32Array(features);
  for (let f = 0; f < features; f++) {
    const [largest, shift, low, high] = words.subarray(f * GRID_WORDS, (f + 1) * GRID_WORDS);
    const unit = largest! - FIXED_POINT_BIAS;
    base[f] = ((high! | 0) * 2 ** 32 + low!) * 2 ** unit;
    exponent[f] = unit + (shift! | 0);
  }
  return { base, exponent };
}

/** ΣX of columns as the kernel `SCALE_ROWS` writes them: 2^47 a row too much, in three words of 16 bits and their carries. */
export function decodeColumnSums(words: Uint32Array, features: number, rows: number): Float64Array {
  return Float64Array.from({ length: features }, (_, f) => {
    const [low, middle, high] = words.subarray(f * SUM_WORDS, (f + 1) * SUM_WORDS);
    return (high! - rows * 2 ** 15) * 2 ** 32 + (middle! * 2 ** 16 + low!);
  });
}
