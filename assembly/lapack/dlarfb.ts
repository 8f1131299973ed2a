import { KC, sliceBytes } from "../blas/blocks";
import { dgemm_simd_4x4 } from "../blas/dgemm-4x4";
import { dpack_n, dpack_t } from "../blas/dpack";

/**
 * Bytes that `dlarfb` needs for k reflectors of at most `columns` values: packed V, packed U, one slice of Z,
 * one of P.
 */
export function dlarfbBytes(columns: i32, k: i32): usize {
  return (
    <usize>(k >> 2) * sliceBytes(columns) +
    <usize>(columns >> 2) * sliceBytes(k) +
    sliceBytes(KC) +
    sliceBytes(k)
  );
}

/**
 * Z ← Z − (Z·Vᵀ)·U for the last `columns` rows and columns of Z, a block reflector from the right (LAPACK
 * dlarfb) once U = Tᵀ·V. `z`, `v` and `u` point at the first of these columns; k, the rows of V and U, and
 * `columns` are multiples of four.
 *
 * Four rows of Z at a time: Z·Vᵀ for them, transposed, is just what the second product wants as its packed
 * operand.
 */
export function dlarfb(
  columns: i32,
  k: i32,
  v: usize,
  ldv: usize,
  u: usize,
  ldu: usize,
  z: usize,
  ldz: usize,
  work: usize,
  
): void {
  assert(((columns | k) & 3) == 0);
  const vSlice = sliceBytes(columns);
  const uSlice = sliceBytes(k);
  const packedU = work + <usize>(k >> 2) * vSlice;
  const zSlice = packedU + <usize>(columns >> 2) * uSlice;
  const product = zSlice + sliceBytes(KC);
  for (let q = 0; q < k; q += 4) dpack_t(columns, v + <usize>q * ldv, ldv, work + <usize>(q >> 2) * vSlice);
  dpack_n(k, columns >> 2, -1, u, ldu, packedU, uSlice);
  for (let row = 0; row < columns; row += 4, z += 4 * ldz) {
    memory.fill(product, 0, (<usize>k) << 5);
    for (let j = 0; j < columns; j += KC) {
      const depth = min(KC, columns - j);
      dpack_t(depth, z + ((<usize>j) << 3), ldz, zSlice);
      multiplySlices(k >> 2, depth, work + ((<usize>j) << 5), vSlice, zSlice, product);
    }
    updateRows(columns >> 2, k, product, packedU, uSlice, z, ldz);
  }
}

/** One tile of (Z·Vᵀ)ᵀ for each slice of V. */
function multiplySlices(slices: i32, depth: i32, v: usize, vSlice: usize, z: usize, product: usize): void {
  for (; slices > 0; --slices, v += vSlice, product += 128) dgemm_simd_4x4(depth, v, z, product, 32);
}

function updateRows(
  slices: i32,
  k: i32,
  product: usize,
  u: usize,
  uSlice: usize,
  z: usize,
  ldz: usize,
  
): void {
  for (; slices > 0; --slices, u += uSlice, z += 32) dgemm_simd_4x4(k, product, u, z, ldz);
}
