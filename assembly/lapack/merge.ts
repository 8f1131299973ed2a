import { MC, sliceBytes } from "../blas/blocks";
import { alignUp } from "../memory";

/**
 * Two halves of a tridiagonal matrix that have been decomposed and are being put together again, and the arrays that
 * takes; one block of memory.
 */
@unmanaged
export class Merge {
  /** Order of both, and of the first. */
  n: i32;
  n1: i32;
  /** Eigenvalues that the other half does change, and how many eigenvectors of each kind belong to them. */
  k: i32;
  left: i32;
  both: i32;
  /** What couples the halves: rho·v·vᵀ. */
  rho: f64;
  /** Size below which a number is rounding error of the whole matrix. */
  tolerance: f64;
  /** Eigenvalues of the halves, and their eigenvectors in rows, by row; later those of the whole. */
  d: usize;
  z: usize;
  ldz: usize;
  /** Components of v in the eigenvectors, and what kind each is, by row. */
  v: usize;
  kinds: usize;
  /** Rows: the changed ones by ascending eigenvalue, then the others. */
  rows: usize;
  /** Eigenvalues of these rows and components of v; roots of the secular equation as poles and distances. */
  poles: usize;
  weights: usize;
  origins: usize;
  offsets: usize;
  /** Poles and components again, by kinds, and products on the way to them. */
  grouped: usize;
  factors: usize;
  products: usize;
  /** Packed operands: MC slices of new eigenvectors; the halves' eigenvectors, and unchanged ones. */
  slices: usize;
  packed: usize;
}

/** Kinds of eigenvectors: zero in the columns of the second half, in none, in those of the first half. */
export const LEFT: i32 = 0;
export const BOTH: i32 = 1;
export const RIGHT: i32 = 2;

const FIELDS: usize = 128;

/** Bytes of a `Merge` of order n at most, arrays included, which are also more than `dormtr` needs. */
export function mergeBytes(n: f64): f64 {
  return 8 * n * n + 1400 * n + 32768;
}

/** Lays a `Merge` out for order n. */
export function mergeInit(m: Merge, n: i32): void {
  const row = alignUp((<usize>n << 3) + 64);
  m.v = changetype<usize>(m) + FIELDS;
  m.kinds = m.v + row;
  m.rows = m.kinds + row;
  m.poles = m.rows + row;
  m.weights = m.poles + row;
  m.origins = m.weights + row;
  m.offsets = m.origins + row;
  m.grouped = m.offsets + row;
  m.factors = m.grouped + row;
  m.products = m.factors + row;
  m.slices = m.products + row;
  m.packed = m.slices + <usize>MC * sliceBytes(n);
}
