import { sliceBytes } from "./blocks";
import { dgemmtr } from "./dgemmtr";
import { dpack_n } from "./dpack";

/** Bytes that `dsyr2k` needs for `tiles` times four columns and rank k. */
export function dsyr2kBytes(tiles: i32, k: i32): usize {
  return <usize>tiles * sliceBytes(2 * k) * 2;
}

/**
 * C ← C − VᵀW − WᵀV (BLAS dsyr2k, UPLO='U', TRANS='T') on a tiled upper triangle. `v` and `w` have k rows of
 * as many columns as C.
 *
 * Both products at once, as one of depth 2k: [−V; −W]ᵀ [W; V].
 */
export function dsyr2k(tiles: i32, k: i32, v: usize, ldv: usize, w: usize, ldw: usize, c: usize, work: usize): void {
  const slice = sliceBytes(2 * k);
  const left = work;
  const right = work + <usize>tiles * slice;
  const half = (<usize>k) << 5;
  dpack_n(k, tiles, -1, v, ldv, left, slice);
  dpack_n(k, tiles, -1, w, ldw, left + half, slice);
  dpack_n(k, tiles, 1, w, ldw, right, slice);
  dpack_n(k, tiles, 1, v, ldv, right + half, slice);
  dgemmtr(tiles, 2 * k, left, right, slice, c);
}
