import { KC, sliceBytes } from "../blas/blocks";
import { dgemmColumn, dgemmRow } from "../blas/dgemm";
import { dpack_n, dpack_t } from "../blas/dpack";
import { dlarft } from "./dlarft";

/**
 * Bytes that `dlarfb` needs for k reflectors of at most `columns` values: packed Vᵀ, packed V, packed T, one slice of
 * Z, two of k.
 */
export function dlarfbBytes(columns: i32, k: i32): usize {
  return (
    <usize>(k >> 2) * (sliceBytes(columns) + sliceBytes(k)) +
    <usize>(columns >> 2) * sliceBytes(k) +
    sliceBytes(KC) +
    2 * sliceBytes(k)
  );
}

/**
 * Z ← Z·(H₀H₁⋯Hₖ₋₁)ᵀ for the last `columns` columns of Z, a block reflector from the right (LAPACK dlarfb): with the
 * factor T of `dlarft`, Z − (Z·Vᵀ)·Tᵀ·V. `z` and `v` point at the first of these columns; k, the rows of V,
 * `columns` and the rows of Z are multiples of four.
 *
 * Four rows of Z at a time: Z·Vᵀ for them, transposed, is just what the other products want as their packed operand.
 */
export function dlarfb(
  rows: i32,
  columns: i32,
  k: i32,
  v: usize,
  ldv: usize,
  tau: usize,
  z: usize,
  ldz: usize,
  work: usize,
  
): void {
  assert(((columns | k | rows) & 3) == 0);
  const slices = k >> 2;
  const tallSlice = sliceBytes(columns), slice = sliceBytes(k);
  const wide = work + <usize>slices * tallSlice;
  const factor = wide + <usize>(columns >> 2) * slice;
  const zSlice = factor + <usize>slices * slice;
  const product = zSlice + sliceBytes(KC);
  const second = product + slice;
  for (let q = 0; q < slices; ++q) dpack_t(columns, v + (<usize>q << 2) * ldv, ldv, work + <usize>q * tallSlice);
  dpack_n(k, columns >> 2, -1, v, ldv, wide, slice);
  dlarft(k, columns, work, tallSlice, tau, factor, slice);
  for (let row = 0; row < rows; row += 4, z += 4 * ldz) {
    memory.fill(product, 0, 2 * slice);
    for (let j = 0; j < columns; j += KC) {
      const depth = min(KC, columns - j);
      dpack_t(depth, z + ((<usize>j) << 3), ldz, zSlice);
      dgemmColumn(slices, depth, work + ((<usize>j) << 5), tallSlice, zSlice, product, 32);
    }
    for (let q = 0; q < slices; ++q) {
      const above = <usize>q << 7;
      dgemmColumn(1, k - 4 * q, factor + <usize>q * slice + above, 0, product + above, second + above, 32);
    }
    dgemmRow(columns >> 2, k, second, wide, slice, z, ldz, 32);
  }
}
