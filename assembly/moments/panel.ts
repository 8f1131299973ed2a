import { FOLD } from "../blas/blocks";
import { dsyr } from "../blas/dsyr";
import { dsyrk } from "../blas/dsyrk";
import { tileIndex } from "../blas/tiles";
import { Moments, SLICE, scatterBytes } from "./layout";

/**
 * By what share scatter about the shift may exceed that about the mean: rounding errors of the sums of
 * products grow in that proportion, and those of the means enter with twice its root.
 */
const DRIFT: f64 = 0.0625;

/** Adds the samples in the panel to the scatter, and empties it. */
export function absorbPanel(m: Moments): void {
  if (m.count == 0) setShift(m);
  if (m.count == 0 || hasDrifted(m)) absorbCentred(m);
  else absorbShifted(m);
  m.pending = 0;
  memory.fill(m.sums, 0, <usize>m.tiles * 32);
  countRecent(m);
}

/** Sets the shift to the mean of the samples in the panel, which so far have none subtracted. */
function setShift(m: Moments): void {
  divide(m.shift, m.sums, m.tiles, <f64>m.pending);
  for (let t = 0; t < m.tiles; ++t) centreSlice(m, t, m.shift);
}

/**
 * Whether some feature's squared mean about the shift, of the panel or of the samples before, is not small
 * beside its scatter so far.
 */
function hasDrifted(m: Moments): bool {
  const perSample = 1 / <f64>m.pending;
  for (let f = 0; f < m.features; ++f) {
    const at: usize = <usize>f << 3;
    const sum = load<f64>(m.sums + at), offset = load<f64>(m.offset + at);
    const place = (tileIndex(m.tiles, f >> 2, f >> 2) << 7) + <usize>((f & 3) * 40);
    const scatter = load<f64>(m.total + place) + load<f64>(m.recent + place) - m.raw * offset * offset;
    if (!(m.count * offset * offset + sum * sum * perSample <= DRIFT * scatter)) return true;
  }
  return false;
}

function absorbShifted(m: Moments): void {
  const k = <f64>m.pending;
  let rows = m.pending;
  if (m.raw == 0) for (let t = 0; t < m.tiles; ++t) appendRow(m, rows, t, m.offset, sqrt(m.count));
  if (m.raw == 0) ++rows;
  dsyrk(m.tiles, rows, m.panel, SLICE, m.recent);
  m.count += k;
  m.raw = m.count;
  divide(m.sums, m.sums, m.tiles, k);
  differenceFromMean(m);
  moveOffset(m, k / m.count);
}

function absorbCentred(m: Moments): void {
  takeAboutMean(m);
  const k = <f64>m.pending;
  const n = m.count + k;
  centre(m);
  absorbDifference(m, sqrt(m.count * (k / n)), k / n);
  m.count = n;
  moveShift(m);
}

/** T ← S: from scatter about the shift to scatter about the mean. */
export function takeAboutMean(m: Moments): void {
  if (m.raw > 0) dsyr(m.tiles, -m.raw, m.offset, m.recent);
  m.raw = 0;
}

/** Adds the panel and weight²·δδᵀ to the scatter and share·δ to the offset, δ being the values in `sums`. */
export function absorbDifference(m: Moments, weight: f64, share: f64): void {
  for (let t = 0; t < m.tiles; ++t) appendRow(m, m.pending, t, m.sums, weight);
  dsyrk(m.tiles, m.pending + 1, m.panel, SLICE, m.recent);
  moveOffset(m, share);
}

/** Notes that `recent` has grown by one more addition, and folds it into the total when it has had enough. */
export function countRecent(m: Moments): void {
  if (++m.panels == FOLD) fold(m);
}

/** total ← total + recent, recent ← 0. */
function fold(m: Moments): void {
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

/** Centres the panel on its own mean; what that is away from the mean so far is left in `sums`. */
function centre(m: Moments): void {
  const k = <f64>m.pending;
  divide(m.sums, m.sums, m.tiles, k);
  for (let t = 0; t < m.tiles; ++t) {
    const sums = m.sums + (<usize>t << 5);
    const m0 = v128.load(sums), m1 = v128.load(sums, 16);
    centreSlice(m, t, m.sums);
    // What rounding left of the sums corrects the mean, to nearly twice the precision.
    divide(sums, sums, 1, k);
    const offset = m.offset + (<usize>t << 5), low = m.low + (<usize>t << 5);
    const r0 = f64x2.sub(v128.load(sums), v128.load(low));
    const r1 = f64x2.sub(v128.load(sums, 16), v128.load(low, 16));
    v128.store(sums, f64x2.add(f64x2.sub(m0, v128.load(offset)), r0));
    v128.store(sums, f64x2.add(f64x2.sub(m1, v128.load(offset, 16)), r1), 16);
  }
}

/** Subtracts `mean` from slice t of the panel and leaves the new column sums; `mean` may be `sums` itself. */
function centreSlice(m: Moments, t: i32, mean: usize): void {
  const column: usize = <usize>t << 5;
  const m0 = v128.load(mean + column), m1 = v128.load(mean + column, 16);
  let sum0 = f64x2.splat(0), sum1 = sum0;
  const slice = m.panel + <usize>t * SLICE;
  const end = slice + (<usize>m.pending << 5);
  for (let at = slice; at < end; at += 32) {
    const y0 = f64x2.sub(v128.load(at), m0);
    const y1 = f64x2.sub(v128.load(at, 16), m1);
    sum0 = f64x2.add(sum0, y0);
    sum1 = f64x2.add(sum1, y1);
    v128.store(at, y0);
    v128.store(at, y1, 16);
  }
  v128.store(m.sums + column, sum0);
  v128.store(m.sums + column, sum1, 16);
}

/** Row `row` of slice t becomes weight times the values of x. */
function appendRow(m: Moments, row: i32, t: i32, x: usize, weight: f64): void {
  const to = m.panel + <usize>t * SLICE + (<usize>row << 5);
  const factor = f64x2.splat(weight);
  x += <usize>t << 5;
  v128.store(to, f64x2.mul(v128.load(x), factor));
  v128.store(to, f64x2.mul(v128.load(x, 16), factor), 16);
}

/** sums ← sums − offset. */
function differenceFromMean(m: Moments): void {
  const bytes: usize = <usize>m.tiles << 5;
  for (let i: usize = 0; i < bytes; i += 16) {
    const difference = f64x2.sub(v128.load(m.sums + i), v128.load(m.offset + i));
    v128.store(m.sums + i, f64x2.sub(difference, v128.load(m.low + i)));
  }
}

/** offset ← offset + share·sums; what rounding loses is kept in `low`. */
function moveOffset(m: Moments, share: f64): void {
  const bytes: usize = <usize>m.tiles << 5;
  for (let i: usize = 0; i < bytes; i += 16) {
    const a = v128.load(m.offset + i);
    const b = f64x2.mul(v128.load(m.sums + i), f64x2.splat(share));
    const sum = f64x2.add(a, b);
    v128.store(m.offset + i, sum);
    v128.store(m.low + i, f64x2.add(v128.load(m.low + i), lost(a, b, sum)));
  }
}

/** shift ← shift + offset; the offset keeps what rounding loses. The scatter must be about the mean. */
function moveShift(m: Moments): void {
  const bytes: usize = <usize>m.tiles << 5;
  for (let i: usize = 0; i < bytes; i += 16) {
    const a = v128.load(m.shift + i), b = v128.load(m.offset + i);
    const sum = f64x2.add(a, b);
    v128.store(m.shift + i, sum);
    v128.store(m.offset + i, f64x2.add(lost(a, b, sum), v128.load(m.low + i)));
    v128.store(m.low + i, f64x2.splat(0));
  }
}

/** What rounding a + b to `sum` has lost, exactly (Knuth's two-sum). */
@inline function lost(a: v128, b: v128, sum: v128): v128 {
  const bb = f64x2.sub(sum, a);
  return f64x2.add(f64x2.sub(a, f64x2.sub(sum, bb)), f64x2.sub(b, bb));
}

/** to ← from / by, four values a tile. */
function divide(to: usize, from: usize, tiles: i32, by: f64): void {
  const end = from + (<usize>tiles << 5);
  for (; from < end; from += 16, to += 16) {
    v128.store(to, f64x2.div(v128.load(from), f64x2.splat(by)));
  }
}
