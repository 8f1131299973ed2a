import { dgemmtr } from "./dgemmtr";

/**
 * C ← C + AᵀA (BLAS dsyrk, UPLO='U', TRANS='T', α = β = 1). A: k rows, packed in slices of four columns
 * `slice` bytes apart. C: tiled upper triangle.
 */
@inline export function dsyrk(tiles: i32, k: i32, a: usize, slice: usize, c: usize): void {
  dgemmtr(tiles, k, a, a, slice, c);
}
