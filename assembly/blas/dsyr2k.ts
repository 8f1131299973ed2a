import { KC, MC, sliceBytes } from "./blocks";
import { dgemmRow } from "./dgemm";
import { dpack_n } from "./dpack";

/** Bytes that `dsyr2k` needs for `columns` columns and rank k. */
export function dsyr2kBytes(columns: i32, k: i32): usize {
  return <usize>(columns >> 2) * sliceBytes(2 * k) * 2;
}

/**
 * C ← C − VᵀW − WᵀV on the upper triangle of the last `columns` columns and rows (BLAS dsyr2k, UPLO='U',
 * TRANS='T'). `c`, `v` and `w` point at the first of these columns; `columns` is a multiple of four, `v` and
 * `w` have k rows. Tiles on the diagonal are updated whole.
 *
 * Both products at once, as one of depth 2k: [−V; −W]ᵀ [W; V]. Tiles are met row by row, so that C is streamed; a strip
 * of the right operand is as much as MC slices of a panel.
 */
export function dsyr2k(
  columns: i32,
  k: i32,
  v: usize,
  ldv: usize,
  w: usize,
  ldw: usize,
  c: usize,
  ldc: usize,
  work: usize,
  
): void {
  assert((columns & 3) == 0);
  const tiles = columns >> 2;
  const slice = sliceBytes(2 * k);
  const left = work;
  const right = work + <usize>tiles * slice;
  const half = (<usize>k) << 5;
  dpack_n(k, tiles, -1, v, ldv, left, slice);
  dpack_n(k, tiles, -1, w, ldw, left + half, slice);
  dpack_n(k, tiles, 1, w, ldw, right, slice);
  dpack_n(k, tiles, 1, v, ldv, right + half, slice);
  const strip = (MC * KC) / (2 * k);
  for (let j0 = 0; j0 < tiles; j0 += strip) {
    const j1 = min(j0 + strip, tiles);
    for (let i = 0; i < j1; ++i) {
      const j = max(i, j0);
      const tile = c + ((<usize>i) << 2) * ldc + ((<usize>j) << 5);
      dgemmRow(j1 - j, 2 * k, left + <usize>i * slice, right + <usize>j * slice, slice, tile, ldc, 32);
    }
  }
}
