import { at, indexAt, put } from "../blas/access";
import { KC, MC, padded, sliceBytes } from "../blas/blocks";
import { dgemmColumn } from "../blas/dgemm";
import { dpack_n } from "../blas/dpack";
import { hsum } from "../blas/simd";
import { dlaed4, lastOffset, lastPole } from "./dlaed4";
import { LEFT, Merge, RIGHT } from "./merge";

/**
 * New eigenpairs from those that deflation has left (LAPACK dlaed3); they take the first rows, the others follow.
 *
 * The roots λ of the secular equation are rounded. They are the exact ones for a slightly different v, and with its
 * components the eigenvectors vᵢ/(dᵢ − λ) are orthogonal to working precision, however close the roots lie
 * (M. Gu, S. C. Eisenstat, A stable and efficient algorithm for the rank-one modification, 1994). They are computed
 * in the packed form that their product with the halves' eigenvectors takes, and never stored as a matrix.
 *
 * Rows are met by kinds, LEFT, BOTH, RIGHT, so that neither half of the columns multiplies zeros.
 */
export function dlaed3(m: Merge): void {
  if (m.k == 0) return;
  solveSecular(m);
  const rightColumns = padded(m.n) - m.n1;
  const right = m.packed + <usize>(m.n1 >> 2) * sliceBytes(m.left + m.both);
  packRows(m, right, rightColumns);
  moveUnchanged(m, right + <usize>(rightColumns >> 2) * sliceBytes(m.k - m.left));
  const groups = padded(m.k) >> 2;
  const slice = sliceBytes(m.k);
  for (let first = 0; first < groups; first += MC) {
    const count = min(MC, groups - first);
    for (let i = 0; i < count; ++i) fillSlice(m, 4 * (first + i), m.slices + <usize>i * slice);
    const z = m.z + (<usize>first << 2) * m.ldz;
    multiply(m, count, m.left + m.both, m.slices, m.n1, m.packed, z);
    multiply(m, count, m.k - m.left, m.slices + (<usize>m.left << 5), rightColumns, right, z + (<usize>m.n1 << 3));
  }
}

/** Roots, eigenvalues, and the components of v that the roots are the exact ones for, by K. Löwner's formula. */
function solveSecular(m: Merge): void {
  const k = m.k;
  let squares: f64 = 0;
  for (let i = 0; i < k; ++i) {
    squares += at(m.weights, i) * at(m.weights, i);
    put(m.products, i, 1);
  }
  for (let i = k; i < m.n; ++i) put(m.d, i, at(m.poles, i));
  put(m.poles, k, at(m.poles, k - 1) + 4 * m.rho * squares);
  put(m.weights, k, 0);
  for (let j = 0; j < k; ++j) {
    dlaed4(k, j, m.poles, m.weights, m.rho);
    const origin = lastPole(), offset = lastOffset(), dj = at(m.poles, j);
    put(m.d, j, origin + offset);
    // Beyond the last root as well, so that a slice of four can be read.
    for (let i = j; i < j + 4; ++i) {
      put(m.origins, i, origin);
      put(m.offsets, i, offset);
    }
    const after = <usize>(j + 1) << 3;
    put(m.products, j, at(m.products, j) * (dj - origin - offset));
    dlaed3_products(j, m.poles, m.products, dj, origin, offset);
    dlaed3_products(k - 1 - j, m.poles + after, m.products + after, dj, origin, offset);
  }
  for (let i = 0; i < k; ++i) {
    put(m.weights, i, copysign<f64>(sqrt(abs(at(m.products, i))), at(m.weights, i)));
  }
}

/** pᵢ ← pᵢ·(dᵢ − λ)/(dᵢ − dⱼ), λ = origin + offset. */
export function dlaed3_products(n: i32, d: usize, p: usize, dj: f64, origin: f64, offset: f64): void {
  const a = f64x2.splat(dj), b = f64x2.splat(origin), c = f64x2.splat(offset);
  const end = d + (<usize>n << 3);
  for (; d + 16 <= end; d += 16, p += 16) {
    const di = v128.load(d);
    const ratio = f64x2.div(f64x2.sub(f64x2.sub(di, b), c), f64x2.sub(di, a));
    v128.store(p, f64x2.mul(v128.load(p), ratio));
  }
  if (d < end) store<f64>(p, load<f64>(p) * ((load<f64>(d) - origin - offset) / (load<f64>(d) - dj)));
}

/** Packs the changed rows by kinds, each half of the columns for itself, and puts poles and components in that order. */
function packRows(m: Merge, right: usize, rightColumns: i32): void {
  const leftSlice = sliceBytes(m.left + m.both), rightSlice = sliceBytes(m.k - m.left);
  let nextLeft = 0, nextBoth = m.left, nextRight = m.left + m.both;
  for (let i = 0; i < m.k; ++i) {
    const row = indexAt(m.rows, i);
    const kind = indexAt(m.kinds, row);
    const to = kind == LEFT ? nextLeft++ : kind == RIGHT ? nextRight++ : nextBoth++;
    const z = m.z + <usize>row * m.ldz;
    if (kind != RIGHT) dpack_n(1, m.n1 >> 2, 1, z, 0, m.packed + (<usize>to << 5), leftSlice);
    if (kind != LEFT) {
      dpack_n(1, rightColumns >> 2, 1, z + (<usize>m.n1 << 3), 0, right + (<usize>(to - m.left) << 5), rightSlice);
    }
    put(m.grouped, to, at(m.poles, i));
    put(m.factors, to, at(m.weights, i));
  }
}

/** Moves the rows that stay as they are behind the others, which are cleared, by way of `work`. */
function moveUnchanged(m: Merge, work: usize): void {
  const bytes = <usize>padded(m.n) << 3;
  for (let i = m.k, to = work; i < m.n; ++i, to += bytes) {
    memory.copy(to, m.z + <usize>indexAt(m.rows, i) * m.ldz, bytes);
  }
  for (let i = 0, from = work; i < m.n; ++i) {
    const z = m.z + <usize>i * m.ldz;
    if (i < m.k) {
      memory.fill(z, 0, bytes);
    } else {
      memory.copy(z, from, bytes);
      from += bytes;
    }
  }
}

/** Eigenvectors j … j + 3 of the rank-one problem, packed; zeros for those that do not exist. */
function fillSlice(m: Merge, j: i32, to: usize): void {
  const at = <usize>j << 3;
  dlaed3_slice(m.k, m.k - j, m.grouped, m.factors, m.origins + at, m.offsets + at, to);
}

export function dlaed3_slice(k: i32, count: i32, d: usize, v: usize, origins: usize, offsets: usize, to: usize): void {
  const a0 = v128.load(origins), a1 = v128.load(origins, 16);
  const b0 = v128.load(offsets), b1 = v128.load(offsets, 16);
  let s0 = f64x2.splat(0), s1 = s0;
  const end = to + (<usize>k << 5);
  for (let u = to; u < end; u += 32, d += 8, v += 8) {
    const di = v128.load64_splat(d), vi = v128.load64_splat(v);
    const u0 = f64x2.div(vi, f64x2.sub(f64x2.sub(di, a0), b0));
    const u1 = f64x2.div(vi, f64x2.sub(f64x2.sub(di, a1), b1));
    s0 = f64x2.add(s0, f64x2.mul(u0, u0));
    s1 = f64x2.add(s1, f64x2.mul(u1, u1));
    v128.store(u, u0);
    v128.store(u, u1, 16);
  }
  const one = f64x2.splat(1), zero = f64x2.splat(0);
  let r0 = f64x2.div(one, f64x2.sqrt(s0)), r1 = f64x2.div(one, f64x2.sqrt(s1));
  if (count < 2) r0 = f64x2.replace_lane(r0, 1, 0);
  if (count < 3) r1 = zero;
  else if (count < 4) r1 = f64x2.replace_lane(r1, 1, 0);
  for (let u = to; u < end; u += 32) {
    v128.store(u, f64x2.mul(r0, v128.load(u)));
    v128.store(u, f64x2.mul(r1, v128.load(u, 16)), 16);
  }
}

/** Adds to `count`·4 rows of Z the products of packed new eigenvectors with `columns` columns of packed old ones. */
function multiply(m: Merge, count: i32, depth: i32, u: usize, columns: i32, packed: usize, z: usize): void {
  const uSlice = sliceBytes(m.k), slice = sliceBytes(depth);
  const panels = (depth + KC - 1) / KC;
  for (let p = 0; p < panels; ++p) {
    const from = (depth * p) / panels, to = (depth * (p + 1)) / panels;
    const start = <usize>from << 5;
    for (let j = 0; j < columns; j += 4) {
      const b = packed + <usize>(j >> 2) * slice + start;
      dgemmColumn(count, to - from, u + start, uSlice, b, z + (<usize>j << 3), m.ldz);
    }
  }
}
