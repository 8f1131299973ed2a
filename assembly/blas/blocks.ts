/**
 * Block sizes, the one table they are kept in.
 *
 * | name   | value | reason |
 * |--------|-------|--------|
 * | TILE   | 4     | a 4 × 4 tile of C is 8 accumulators of f64x2; with operands that fills the 16 vector registers of x86-64 |
 * | KC     | 256   | samples in a panel: a 4-wide slice is 8 KiB, 16 with every value twice (dgemm-4x4-spread.ts), so that one of each stays in a first-level cache of 32 KiB; 512 is 5 to 10 % slower even where C is in no cache |
 * | MC     | 32    | tiles: 32 slices are 264 KiB and stay in a second-level cache of 512 KiB |
 * | STRIP  | 16    | rows packed at a time: their cache lines stay in the first level while slice after slice takes its part |
 * | NB     | 32    | columns of a tridiagonalisation panel; fewer cost traffic, more cost arithmetic at level 2 |
 * | LEAF   | 24    | order up to which a tridiagonal matrix is left to QL, not torn in two; flat from 16 to 48 |
 * | FOLD   | 128   | panels before the recent scatter is folded into the total; bounds the length of any sum (moments/layout.ts) |
 */
export const TILE: i32 = 4;
export const KC: i32 = 256;
export const MC: i32 = 32;
export const STRIP: i32 = 16;
export const NB: i32 = 32;
export const LEAF: i32 = 24;
export const FOLD: i32 = 128;

/**
 * Bytes of a slice (four columns) of `rows` packed rows. One line more than needed: slices a power of two
 * apart would share cache sets.
 */
@inline export function sliceBytes(rows: i32): usize {
  return ((<usize>rows * 32 + 63) & ~63) | 64;
}

/** n rounded up to a multiple of the tile. */
@inline export function padded(n: i32): i32 {
  return (n + 3) & ~3;
}

/** Leading dimension, in bytes, for rows of n values: an odd number of cache lines, for the same reason. */
@inline export function leadingBytes(n: i32): usize {
  return (((<usize>n * 8 + 63) >> 6) | 1) << 6;
}
