import { MC, sliceBytes } from "./blocks";
import { dgemmColumn } from "./dgemm";
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
 * Both products at once, as one of depth 2k: [−V; −W]ᵀ [W; V].
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
  for (let i0 = 0; i0 < tiles; i0 += MC) {
    const i1 = min(i0 + MC, tiles);
    for (let j = i0; j < tiles; ++j) {
      const tile = c + ((<usize>i0) << 2) * ldc + ((<usize>j) << 5);
      dgemmColumn(
        min(j + 1, i1) - i0,
        2 * k,
        left + <usize>i0 * slice,
        slice,
        right + <usize>j * slice,
        tile,
        ldc,
      );
    }
  }
}
