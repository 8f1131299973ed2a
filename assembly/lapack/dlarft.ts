import { at, put } from "../blas/access";
import { padded } from "../blas/blocks";
import { dgemmColumn } from "../blas/dgemm";

/**
 * The triangular factor of a product of k reflectors, H₀H₁⋯Hₖ₋₁ = I − Vᵀ·T·V, reflectors being the rows of V (LAPACK
 * dlarft, DIRECT='F', STOREV='R'), transposed and packed: slices of four rows of T, `slice` bytes apart, zeros left of
 * the diagonal within a tile. `v` is Vᵀ packed, `columns` deep; `row` takes k values, k a multiple of four.
 *
 * Row q of Tᵀ, after the product V·Vᵀ has taken its place: T₍ᵢ,q₎ = −tau_q·Σ T₍ᵢ,ⱼ₎·(vⱼ·v_q) over i ≤ j < q.
 */
export function dlarft(
  k: i32,
  columns: i32,
  v: usize,
  vSlice: usize,
  tau: usize,
  t: usize,
  slice: usize,
  row: usize,
  
): void {
  memory.fill(t, 0, <usize>(k >> 2) * slice);
  for (let i = 0; i < k >> 2; ++i) {
    const tile = t + <usize>i * slice + (<usize>i << 7), vi = v + <usize>i * vSlice;
    dgemmColumn((k >> 2) - i, columns, vi, vSlice, vi, tile, 32);
  }
  for (let q = 0; q < k; ++q) {
    const tauq = at(tau, q);
    for (let i = 0; i < padded(q + 1); ++i) put(row, i, at(element(t, slice, q, i), 0));
    for (let i = 0; i < padded(q + 1); ++i) {
      let sum: f64 = 0;
      for (let j = i; j < q; ++j) sum += at(element(t, slice, j, i), 0) * at(row, j);
      put(element(t, slice, q, i), 0, i < q ? -tauq * sum : i == q ? tauq : 0);
    }
  }
}

/** Address of row q, column i. */
@inline function element(t: usize, slice: usize, q: i32, i: i32): usize {
  return t + <usize>(i >> 2) * slice + (<usize>q << 5) + (<usize>(i & 3) << 3);
}
