import { FOLD } from "../blas/blocks";
import { dsyrk } from "../blas/dsyrk";
import { Moments, SLICE, scatterBytes } from "./layout";

/** Sets the shift to the mean of the samples in the panel, which so far have none subtracted. */
export function setShift(m: Moments): void {
  divide(m.shift, m.sums, m.tiles, <f64>m.pending);
  for (let t = 0; t < m.tiles; ++t) {
    const column = (<usize>t) << 5;
    centreSlice(m.panel + <usize>t * SLICE, m.pending, m.shift + column, m.sums + column);
  }
  m.shifted = 1;
}

/** Adds the samples in the panel to the scatter, and empties it. */
export function absorbPanel(m: Moments): void {
  if (!m.shifted) setShift(m);
  const k = <f64>m.pending;
  const n = m.count + k;
  const weight = sqrt(m.count * (k / n));
  const share = k / n;
  for (let t = 0; t < m.tiles; ++t) centreAndAppend(m, t, weight, share);
  dsyrk(m.tiles, m.pending + (m.count > 0 ? 1 : 0), m.panel, SLICE, m.recent);
  m.count = n;
  m.pending = 0;
  memory.fill(m.sums, 0, <usize>m.tiles * 32);
  countRecent(m);
}

/**
 * Adds weight²·δδᵀ to the scatter and share·δ to the offset, δ being the values in `sums`; the panel must be
 * empty.
 */
export function absorbDifference(m: Moments, weight: f64, share: f64): void {
  for (let t = 0; t < m.tiles; ++t) appendDifference(m, t, weight, share);
  dsyrk(m.tiles, 1, m.panel, SLICE, m.recent);
  memory.fill(m.sums, 0, <usize>m.tiles * 32);
}

/** Notes that `recent` has grown by one more addition, and folds it into the total when it has had enough. */
export function countRecent(m: Moments): void {
  if (++m.panels == FOLD) fold(m);
}

/** total ← total + recent, recent ← 0. */
export function fold(m: Moments): void {
  const bytes = scatterBytes(m);
  const end = m.recent + bytes;
  const zero = f64x2.splat(0);
  for (let at = m.recent; at < end; at += 32) {
    const to = at + bytes;
    v128.store(to, f64x2.add(v128.load(to), v128.load(at)));
    v128.store(to, f64x2.add(v128.load(to, 16), v128.load(at, 16)), 16);
    v128.store(at, zero);
    v128.store(at, zero, 16);
  }
  m.panels = 0;
}

/** Centres slice t of the panel on its own mean; δ = mean − offset becomes one more row, times `weight`. */
function centreAndAppend(m: Moments, t: i32, weight: f64, share: f64): void {
  const slice = m.panel + <usize>t * SLICE;
  const sums = m.sums + ((<usize>t) << 5);
  const offset = m.offset + ((<usize>t) << 5);
  divide(sums, sums, 1, <f64>m.pending);
  const m0 = v128.load(sums),
    m1 = v128.load(sums, 16);
  centreSlice(slice, m.pending, sums, sums);
  // What rounding left of the sums corrects the mean, to nearly twice the precision.
  divide(sums, sums, 1, <f64>m.pending);
  v128.store(sums, f64x2.sub(f64x2.add(m0, v128.load(sums)), v128.load(offset)));
  v128.store(sums, f64x2.sub(f64x2.add(m1, v128.load(sums, 16)), v128.load(offset, 16)), 16);
  appendDifference(m, t, weight, share);
}

function appendDifference(m: Moments, t: i32, weight: f64, share: f64): void {
  const row = m.panel + <usize>t * SLICE + ((<usize>m.pending) << 5);
  const delta = m.sums + ((<usize>t) << 5);
  const offset = m.offset + ((<usize>t) << 5);
  for (let i: usize = 0; i < 32; i += 16) {
    const d = v128.load(delta + i);
    v128.store(row + i, f64x2.mul(d, f64x2.splat(weight)));
    v128.store(offset + i, f64x2.add(v128.load(offset + i), f64x2.mul(d, f64x2.splat(share))));
  }
}

/**
 * Subtracts four values from each row of a slice and leaves the new column sums; `sums` may be where `mean`
 * is.
 */
function centreSlice(slice: usize, rows: i32, mean: usize, sums: usize): void {
  const m0 = v128.load(mean),
    m1 = v128.load(mean, 16);
  let sum0 = f64x2.splat(0),
    sum1 = sum0;
  const end = slice + ((<usize>rows) << 5);
  for (let at = slice; at < end; at += 32) {
    const y0 = f64x2.sub(v128.load(at), m0);
    const y1 = f64x2.sub(v128.load(at, 16), m1);
    sum0 = f64x2.add(sum0, y0);
    sum1 = f64x2.add(sum1, y1);
    v128.store(at, y0);
    v128.store(at, y1, 16);
  }
  v128.store(sums, sum0);
  v128.store(sums, sum1, 16);
}

/** to ← from / by, four values a tile. */
function divide(to: usize, from: usize, tiles: i32, by: f64): void {
  const end = from + ((<usize>tiles) << 5);
  for (; from < end; from += 16, to += 16) {
    v128.store(to, f64x2.div(v128.load(from), f64x2.splat(by)));
  }
}
