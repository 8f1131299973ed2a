import { at, indexAt, put } from "../blas/access";
import { KC, MC, padded, sliceBytes } from "../blas/blocks";
import { dgemmColumn } from "../blas/dgemm";
import { dpack_n } from "../blas/dpack";
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
  const unchanged = right + <usize>(rightColumns >> 2) * sliceBytes(m.k - m.left);
  const bytes = <usize>padded(m.n) << 3;
  for (let i = m.k, to = unchanged; i < m.n; ++i, to += bytes) {
    memory.copy(to, m.z + <usize>indexAt(m.rows, i) * m.ldz, bytes);
  }
  for (let i = 0; i < padded(m.k); ++i) memory.fill(m.z + <usize>i * m.ldz, 0, bytes);
  const groups = padded(m.k) >> 2;
  const slice = sliceBytes(m.k);
  for (let first = 0; first < groups; first += MC) {
    const count = min(MC, groups - first);
    for (let i = 0; i < count; ++i) {
      const roots = <usize>(first + i) << 5;
      const to = m.slices + <usize>i * slice;
      dlaed3_slice(m.k, m.grouped, m.factors, m.origins + roots, m.offsets + roots, to);
    }
    const z = m.z + (<usize>first << 2) * m.ldz;
    multiply(m, count, m.left + m.both, m.slices, m.n1, m.packed, z);
    multiply(m, count, m.k - m.left, m.slices + (<usize>m.left << 5), rightColumns, right, z + (<usize>m.n1 << 3));
  }
  for (let i = m.k, from = unchanged; i < m.n; ++i, from += bytes) {
    memory.copy(m.z + <usize>i * m.ldz, from, bytes);
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
    put(m.origins, j, origin);
    put(m.offsets, j, offset);
    const after = <usize>(j + 1) << 3;
    put(m.products, j, at(m.products, j) * (dj - origin - offset));
    multiplyDistances(j, m.poles, m.products, dj, origin, offset);
    multiplyDistances(k - 1 - j, m.poles + after, m.products + after, dj, origin, offset);
  }
  for (let i = 0; i < k; ++i) {
    put(m.weights, i, copysign<f64>(sqrt(abs(at(m.products, i))), at(m.weights, i)));
  }
}

/** pᵢ ← pᵢ·(dᵢ − λ)/(dᵢ − dⱼ), λ = origin + offset. */
function multiplyDistances(n: i32, d: usize, p: usize, dj: f64, origin: f64, offset: f64): void {
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

/**
 * Eigenvectors of the rank-one problem for four roots, packed. Where there are fewer, the others are of no root, and the
 * rows that they lead to are written over.
 */
export function dlaed3_slice(k: i32, d: usize, v: usize, origins: usize, offsets: usize, to: usize): void {
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
  s0 = f64x2.sqrt(s0);
  s1 = f64x2.sqrt(s1);
  for (let u = to; u < end; u += 32) {
    v128.store(u, f64x2.div(v128.load(u), s0));
    v128.store(u, f64x2.div(v128.load(u, 16), s1), 16);
  }
}

/** Adds to `count`·4 rows of Z the products of packed new eigenvectors with `columns` columns of packed old ones. */
function multiply(m: Merge, count: i32, depth: i32, u: usize, columns: i32, packed: usize, z: usize): void {
  const uSlice = sliceBytes(m.k), slice = sliceBytes(depth);
  for (let k = 0; k < depth; k += KC) {
    const start = <usize>k << 5;
    for (let j = 0; j < columns; j += 4) {
      const b = packed + <usize>(j >> 2) * slice + start;
      dgemmColumn(count, min(KC, depth - k), u + start, uSlice, b, z + (<usize>j << 3), m.ldz);
    }
  }
}
