import { STRIP } from "../blas/blocks";
import { load2 } from "../blas/simd";
import { Moments, SLICE } from "./layout";

/**
 * Appending samples to the panel: conversion to float64, subtraction of the shift, column sums and packing
 * into slices of four, in one pass over the input where it lies. One loop for each way in which features or
 * samples can be neighbours, and a plain one for everything else. All strides are in bytes and may be
 * negative.
 */

/** Appends `rows` samples, which must fit. */
export function pack<T>(m: Moments, x: usize, rows: i32, rowStride: usize, featureStride: usize): void {
  const whole = m.features / 4;
  if (featureStride == sizeof<T>()) {
    for (let r = 0; r < rows; r += STRIP) {
      packRows<T>(m, whole, r, x + <usize>r * rowStride, min(STRIP, rows - r), rowStride);
    }
  } else if (rowStride == sizeof<T>()) {
    for (let t = 0; t < whole; ++t) {
      packColumns<T>(m, t, x + <usize>(4 * t) * featureStride, rows, featureStride);
    }
  } else {
    for (let t = 0; t < whole; ++t) {
      packAny<T>(m, t, 4, 0, x + <usize>(4 * t) * featureStride, rows, rowStride, featureStride);
    }
  }
  const rest = m.features - 4 * whole;
  if (rest > 0) {
    packAny<T>(m, whole, rest, 0, x + <usize>(4 * whole) * featureStride, rows, rowStride, featureStride);
  }
  m.pending += rows;
}

/** Row-major: four neighbouring features of a sample make a row of the slice; two samples at a time. */
function packRows<T>(m: Moments, slices: i32, r0: i32, x: usize, rows: i32, rowStride: usize): void {
  const even = rows & ~1;
  for (let t = 0; t < slices; ++t, x += 4 * sizeof<T>()) {
    const shift = m.shift + (<usize>t << 5);
    const sums = m.sums + (<usize>t << 5);
    const s0 = v128.load(shift), s1 = v128.load(shift, 16);
    let sum0 = v128.load(sums), sum1 = v128.load(sums, 16);
    let to = panelRow(m, t, r0);
    let from = x;
    for (let r = 0; r < even; r += 2, from += rowStride, to += 64) {
      const y0 = f64x2.sub(load2<T>(from), s0);
      const y1 = f64x2.sub(load2<T>(from + 2 * sizeof<T>()), s1);
      from += rowStride;
      const z0 = f64x2.sub(load2<T>(from), s0);
      const z1 = f64x2.sub(load2<T>(from + 2 * sizeof<T>()), s1);
      sum0 = f64x2.add(f64x2.add(sum0, y0), z0);
      sum1 = f64x2.add(f64x2.add(sum1, y1), z1);
      storeTwoRows(to, y0, y1, z0, z1);
    }
    v128.store(sums, sum0);
    v128.store(sums, sum1, 16);
    if (even < rows) packAny<T>(m, t, 4, r0 + even, from, 1, 0, sizeof<T>());
  }
}

/**
 * Column-major: two neighbouring samples of each of four features, transposed, make two rows of the slice.
 */
function packColumns<T>(m: Moments, t: i32, x: usize, rows: i32, featureStride: usize): void {
  const shift = m.shift + (<usize>t << 5);
  const sums = m.sums + (<usize>t << 5);
  const s0 = v128.load(shift), s1 = v128.load(shift, 16);
  let sum0 = v128.load(sums), sum1 = v128.load(sums, 16);
  let to = panelRow(m, t, 0);
  const x1 = x + featureStride, x2 = x1 + featureStride, x3 = x2 + featureStride;
  const even = rows & ~1;
  let i: usize = 0;
  for (let r = 0; r < even; r += 2, i += 2 * sizeof<T>(), to += 64) {
    const c0 = load2<T>(x + i), c1 = load2<T>(x1 + i), c2 = load2<T>(x2 + i), c3 = load2<T>(x3 + i);
    const y0 = f64x2.sub(v128.shuffle<f64>(c0, c1, 0, 2), s0);
    const y1 = f64x2.sub(v128.shuffle<f64>(c2, c3, 0, 2), s1);
    const z0 = f64x2.sub(v128.shuffle<f64>(c0, c1, 1, 3), s0);
    const z1 = f64x2.sub(v128.shuffle<f64>(c2, c3, 1, 3), s1);
    sum0 = f64x2.add(f64x2.add(sum0, y0), z0);
    sum1 = f64x2.add(f64x2.add(sum1, y1), z1);
    storeTwoRows(to, y0, y1, z0, z1);
  }
  v128.store(sums, sum0);
  v128.store(sums, sum1, 16);
  if (even < rows) packAny<T>(m, t, 4, even, x + i, 1, 0, featureStride);
}

@inline function storeTwoRows(to: usize, y0: v128, y1: v128, z0: v128, z1: v128): void {
  v128.store(to, y0);
  v128.store(to, y1, 16);
  v128.store(to, z0, 32);
  v128.store(to, z1, 48);
}

/** Any strides, and a last slice of fewer than four features: the rest of it is zero. */
function packAny<T>(
  m: Moments,
  t: i32,
  width: i32,
  r0: i32,
  x: usize,
  rows: i32,
  rowStride: usize,
  featureStride: usize
): void {
  const to = panelRow(m, t, r0);
  for (let j = 0; j < 4; ++j) {
    const shift = load<f64>(m.shift + (<usize>(4 * t + j) << 3));
    const sums = m.sums + (<usize>(4 * t + j) << 3);
    let sum = load<f64>(sums);
    for (let r = 0; r < rows; ++r) {
      const y = j < width ? <f64>load<T>(x + <usize>r * rowStride + <usize>j * featureStride) - shift : 0;
      sum += y;
      store<f64>(to + (<usize>(4 * r + j) << 3), y);
    }
    store<f64>(sums, sum);
  }
}

/** Address of a row of slice t, counted from the first one free. */
@inline function panelRow(m: Moments, t: i32, row: i32): usize {
  return m.panel + <usize>t * SLICE + (<usize>(m.pending + row) << 5);
}
