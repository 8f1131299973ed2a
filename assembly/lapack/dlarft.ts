import { at } from "../blas/access";
import { padded } from "../blas/blocks";
import { dgemmColumn } from "../blas/dgemm";

/**
 * The triangular factor of a product of k reflectors, H₀H₁⋯Hₖ₋₁ = I − Vᵀ·T·V, reflectors being the rows of V (LAPACK
 * dlarft, DIRECT='F', STOREV='R'), transposed and packed: slices of four rows of T, `slice` bytes apart, zeros left of
 * the diagonal within a tile. `v` is Vᵀ packed, `columns` deep; k is a multiple of four.
 *
 * Row q of Tᵀ, in place of that of V·Vᵀ: T₍ᵢ,q₎ = −tau_q·Σ T₍ᵢ,ⱼ₎·(vⱼ·v_q) over i ≤ j < q.
 */
export function dlarft(k: i32, columns: i32, v: usize, vSlice: usize, tau: usize, t: usize, slice: usize): void {
  const slices = k >> 2;
  memory.fill(t, 0, <usize>slices * slice);
  for (let i = 0; i < slices; ++i) {
    const tile = t + <usize>i * slice + (<usize>i << 7), vi = v + <usize>i * vSlice;
    dgemmColumn(slices - i, columns, vi, vSlice, vi, tile, 32);
  }
  for (let q = 0; q < k; ++q) {
    const tauq = at(tau, q);
    for (let i = 0; i < padded(q + 1); ++i) {
      let sum: f64 = 0;
      for (let j = i; j < q; ++j) sum += load<f64>(element(t, slice, j, i)) * load<f64>(element(t, slice, q, j));
      store<f64>(element(t, slice, q, i), i < q ? -tauq * sum : i == q ? tauq : 0);
    }
  }
}

/** Address of row q, column i. */
function element(t: usize, slice: usize, q: i32, i: i32): usize {
  return t + <usize>(i >> 2) * slice + (<usize>q << 5) + (<usize>(i & 3) << 3);
}
