import { KC, MC } from "./blocks";
import { dgemmRow } from "./dgemm";
import { dgemm_simd_4x6 } from "./dgemm-4x6";
import { tileIndex } from "./tiles";

/**
 * C ← C + AᵀB, upper triangle (BLAS dgemmtr, UPLO='U', TRANSA='T', α = β = 1). A and B: k rows, packed in slices of four
 * columns `slice` bytes apart. C: tiled upper triangle.
 *
 * One slice of A stays in the first-level cache while others of B, as much as MC of a panel, in the second level, pass
 * by it. Tiles are met in the order in which they lie, so that large matrices, which no cache holds, are streamed.
 */
export function dgemmtr(tiles: i32, k: i32, a: usize, b: usize, slice: usize, c: usize): void {
  const strip = (MC * KC) / max(k, 1);
  for (let j0 = 0; j0 < tiles; j0 += strip) {
    const j1 = min(j0 + strip, tiles);
    for (let i = 0; i < j1; ++i) {
      const j = max(i, j0);
      tileRow(j1 - j, k, a + <usize>i * slice, b + <usize>j * slice, slice, c + (tileIndex(tiles, i, j) << 7));
    }
  }
}

let wide: bool = false;

/**
 * Whether `dgemmtr` takes neighbouring tiles three at a time, as two of 4 × 6, where the build is a fused one.
 * For engines that keep loads where they are written: elsewhere the wide tile spills, and takes twice as long.
 */
export function useWideTiles(yes: bool): void {
  wide = yes;
}

/** Neighbouring tiles of one row of tiles. */
function tileRow(count: i32, k: i32, a: usize, b: usize, slice: usize, tile: usize): void {
  if (ASC_FEATURE_RELAXED_SIMD && wide) {
    for (; count >= 3; count -= 3, b += 3 * slice, tile += 384) {
      const middle = b + slice, last = middle + slice;
      dgemm_simd_4x6(k, a, b, middle, tile, tile + 128);
      dgemm_simd_4x6(k, a, last, middle + 16, tile + 256, tile + 144);
    }
  }
  if (count > 0) dgemmRow(count, k, a, b, slice, tile, 32, 128);
}
