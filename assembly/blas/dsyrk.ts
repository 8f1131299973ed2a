import { MC } from "./blocks";
import { dgemmRow } from "./dgemm";
import { dgemm_simd_4x6 } from "./dgemm-4x6";

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
 * One slice stays in the first-level cache while MC others, in the second level, pass by it. Tiles are met
 * in the order in which they lie, so that large matrices, which no cache holds, are streamed.
 */
export function dsyrk(tiles: i32, k: i32, a: usize, slice: usize, c: usize): void {
  for (let j0 = 0; j0 < tiles; j0 += MC) {
    const j1 = min(j0 + MC, tiles);
    for (let i = 0; i < j1; ++i) {
      const j = max(i, j0);
      dsyrkRow(j1 - j, k, a + <usize>i * slice, a + <usize>j * slice, slice, c + (tileIndex(tiles, i, j) << 7));
    }
  }
}

let wide: bool = false;

/**
 * Whether `dsyrk` takes neighbouring tiles three at a time, as two of 4 × 6, where the build is a fused one.
 * For engines that keep loads where they are written: elsewhere the wide tile spills, and takes twice as long.
 */
export function useWideTiles(yes: bool): void {
  wide = yes;
}

/** Neighbouring tiles of one row of tiles. */
function dsyrkRow(count: i32, k: i32, a: usize, b: usize, slice: usize, tile: usize): void {
  if (ASC_FEATURE_RELAXED_SIMD && wide) {
    for (; count >= 3; count -= 3, b += 3 * slice, tile += 384) {
      const middle = b + slice, last = middle + slice;
      dgemm_simd_4x6(k, a, b, middle, tile, tile + 128);
      dgemm_simd_4x6(k, a, last, middle + 16, tile + 256, tile + 144);
    }
  }
  if (count > 0) dgemmRow(count, k, a, b, slice, tile, 32, 128);
}
