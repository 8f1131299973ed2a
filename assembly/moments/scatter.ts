import { tileIndex } from "../blas/tiles";
import { Moments } from "./layout";
import { absorbDifference, countRecent, takeAboutMean } from "./panel";

/**
 * Writes rows [from, to) of the upper triangle of the scatter, packed row by row; right after `momentsFlush`.
 */
export function momentsGetScatter(at: usize, from: i32, to: i32, out: usize): void {
  const m = changetype<Moments>(at);
  for (let i = from; i < to; ++i) {
    const weight = m.raw * load<f64>(m.offset + (<usize>i << 3));
    const row = rowOf(m, i);
    for (let j = i; j < m.features; ++j, out += 8) {
      const place = row + column(j);
      const excess = weight * load<f64>(m.offset + (<usize>j << 3));
      store<f64>(out, load<f64>(m.total + place) + (load<f64>(m.recent + place) - excess));
    }
  }
}

/** Adds rows [from, to) of an upper triangle, packed row by row, to the scatter. */
export function momentsAddScatter(at: usize, from: i32, to: i32, x: usize): void {
  const m = changetype<Moments>(at);
  for (let i = from; i < to; ++i) {
    const row = m.recent + rowOf(m, i);
    for (let j = i; j < m.features; ++j, x += 8) {
      const place = row + column(j);
      store<f64>(place, load<f64>(place) + load<f64>(x));
    }
  }
}

/**
 * Joins the mean and the count of a state to those of the accumulator, whose panel must be empty, as
 * Chan, Golub, LeVeque (1979) have it. The state's scatter is added by `momentsAddScatter`.
 *
 * The difference of the means is formed from their parts: (shift_b − shift_a) + (offset_b − offset_a). For
 * means that agree the first is exact, however large they are.
 */
export function momentsMergeMean(at: usize, count: f64, shift: usize, offset: usize): void {
  const m = changetype<Moments>(at);
  const n = m.count + count;
  if (m.count == 0) {
    memory.copy(m.shift, shift, <usize>m.features << 3);
    memory.copy(m.offset, offset, <usize>m.features << 3);
  } else {
    for (let f: usize = 0; f < <usize>m.features << 3; f += 8) {
      const shifts = load<f64>(shift + f) - load<f64>(m.shift + f);
      const offsets = load<f64>(offset + f) - load<f64>(m.offset + f);
      store<f64>(m.sums + f, shifts + (offsets - load<f64>(m.low + f)));
    }
    takeAboutMean(m);
    absorbDifference(m, sqrt(m.count * (count / n)), count / n);
    memory.fill(m.sums, 0, <usize>m.tiles * 32);
  }
  m.count = n;
  countRecent(m);
}

/** Byte offset of row i of a tiled triangle as if its tile row began at column 0. Wraps around. */
@inline function rowOf(m: Moments, i: i32): usize {
  return ((tileIndex(m.tiles, i >> 2, i >> 2) - <usize>(i >> 2)) << 7) + (<usize>(i & 3) << 5);
}

/** Byte offset of column j from there. */
@inline function column(j: i32): usize {
  return (<usize>(j & ~3) << 5) + (<usize>(j & 3) << 3);
}
