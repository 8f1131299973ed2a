import { MC } from "./blocks";
import { dgemm_simd_4x4 } from "./dgemm-4x4";

/**
 * Scatter matrices are kept as 4 × 4 tiles, each 128 bytes, of the upper triangle only, row of tiles by row
 * of tiles; tiles on the diagonal are whole. A tile is two cache lines that no other tile shares, and its
 * address does not depend on the order through a leading dimension.
 *
 * This is the number of the tile in tile row i, tile column j ≥ i, of a matrix `tiles` tiles wide.
 */
@inline export function tileIndex(tiles: i32, i: i32, j: i32): usize {
  return <usize>i * <usize>tiles - (<usize>i * <usize>(i - 1)) / 2 + <usize>(j - i);
}

/** Bytes of a tiled upper triangle. */
@inline export function tiledBytes(tiles: f64): f64 {
  return tiles * (tiles + 1) * 64;
}

/**
 * C ← C + AᵀA (BLAS dsyrk, UPLO='U', TRANS='T', α = β = 1). A: k rows, packed in slices of four columns
 * `slice` bytes apart. C: tiled upper triangle.
 *
 * One slice stays in the first-level cache while MC others, in the second level, pass by it.
 */
export function dsyrk(tiles: i32, k: i32, a: usize, slice: usize, c: usize): void {
  for (let i0 = 0; i0 < tiles; i0 += MC) {
    const i1 = min(i0 + MC, tiles);
    for (let j = i0; j < tiles; ++j) {
      const tile = c + (tileIndex(tiles, i0, j) << 7);
      dsyrkColumn(min(j + 1, i1) - i0, k, a + <usize>i0 * slice, slice, a + <usize>j * slice, tile, tiles - i0);
    }
  }
}

/**
 * The tiles of one tile column. The next tile down lies as many tiles on as the triangle is wide there, less
 * one.
 */
function dsyrkColumn(count: i32, k: i32, a: usize, slice: usize, b: usize, tile: usize, width: i32): void {
  for (let i = 0; i < count; ++i) {
    dgemm_simd_4x4(k, a, b, tile, 32);
    a += slice;
    tile += <usize>(--width) << 7;
  }
}
