import { KC, padded, sliceBytes } from "../blas/blocks";
import { tiledBytes } from "../blas/tiles";
import { alignUp } from "../memory";

/**
 * An accumulator of moments, one block of memory:
 *
 *   ├ fields ┼ shift ┼ offset ┼ low ┼ sums ┼ panel ┼ recent ┼ total ┤
 *
 *   shift    provisional mean, features padded to a multiple of four with zeros, as offset, low and sums are
 *   offset   what is missing from shift to the mean of the `count` samples that are in the scatter
 *   low      what is missing from offset: its rounding errors
 *   panel    up to KC samples minus shift, in slices of four features; room for one row more
 *   sums     column sums of the panel
 *   recent   scatter of the last panels, tiled (blas/tiles.ts)
 *   total    scatter of everything before
 *
 * Samples gather in the panel until it is full, so that batches of any size run at the speed of large ones
 * and the result does not depend on how they are split. A full panel joins the scatter in one of two ways.
 *
 * Shifted: as it is. Scatter about the shift is scatter about the mean and n·offset·offsetᵀ more,
 *
 *   T = recent + total = S + raw · offset · offsetᵀ,   raw = count,
 *
 * which `momentsGetScatter` subtracts. That costs no digits while the second term is small beside the first.
 *
 * Centred, wherever it would not be small: on the panel's own mean m, and what that is away from the mean so
 * far goes in as one more row (Chan, Golub, LeVeque 1979):
 *
 *   S ← S + Σ (x − m)(x − m)ᵀ + (n k / (n + k)) δ δᵀ,   δ = m − offset,   raw = 0
 *
 * Then the shift moves to the mean, so that samples which stay where they are need no centring from there on.
 * Neither a large mean nor a drifting one is ever squared, so neither costs digits.
 *
 * Scatter is summed in three levels, KC samples, FOLD panels, and the folds: no sum of n ≤ 10⁷ samples is
 * longer than KC + FOLD + 10⁷ / (KC · FOLD) ≈ 690 terms. Even the worst case of rounding, equal batches again
 * and again, so stays below 690 (1 + DRIFT) + 2 KC √DRIFT units of 2⁻⁵³, which is 9.6e-14.
 */
@unmanaged
export class Moments {
  features: i32;
  /** Slices of four features. */
  tiles: i32;
  /** Samples in the panel. */
  pending: i32;
  /** Panels in `recent`. */
  panels: i32;
  /** Samples in the scatter; an integer. */
  count: f64;
  /** `count` while the scatter is about the shift, 0 while it is about the mean. */
  raw: f64;
  shift: usize;
  offset: usize;
  low: usize;
  sums: usize;
  panel: usize;
  recent: usize;
  total: usize;
}

const FIELDS: usize = 64;

/** Bytes from one slice of the panel to the next. */
export const SLICE: usize = sliceBytes(KC + 1);

/** Bytes of an accumulator; as f64, like `features`, since there may be more of them than fit into memory. */
export function momentsBytes(features: f64): f64 {
  const tiles = ceil(features / 4);
  return <f64>FIELDS + 4 * (tiles * 32 + 32) + tiles * <f64>SLICE + 2 * tiledBytes(tiles);
}

/** Lays an accumulator of no samples out in a block of `momentsBytes(features)`. */
export function momentsInit(at: usize, features: i32): void {
  const m = changetype<Moments>(at);
  m.features = features;
  m.tiles = padded(features) / 4;
  m.shift = at + FIELDS;
  m.offset = m.shift + vectorBytes(m.tiles);
  m.low = m.offset + vectorBytes(m.tiles);
  m.sums = m.low + vectorBytes(m.tiles);
  m.panel = m.sums + vectorBytes(m.tiles);
  m.recent = m.panel + <usize>m.tiles * SLICE;
  m.total = m.recent + scatterBytes(m);
  momentsReset(at);
}

/** Back to no samples. */
export function momentsReset(at: usize): void {
  const m = changetype<Moments>(at);
  m.pending = 0;
  m.panels = 0;
  m.count = 0;
  m.raw = 0;
  memory.fill(m.shift, 0, m.panel - m.shift);
  memory.fill(m.recent, 0, 2 * scatterBytes(m));
}

/** Address of the provisional mean, `features` values. */
export function momentsShift(at: usize): usize {
  return changetype<Moments>(at).shift;
}

/** Address of the mean minus the provisional one, `features` values; right after `momentsFlush`. */
export function momentsOffset(at: usize): usize {
  return changetype<Moments>(at).offset;
}

/** Bytes of one of the two scatter matrices. */
@inline export function scatterBytes(m: Moments): usize {
  return <usize>tiledBytes(<f64>m.tiles);
}

@inline function vectorBytes(tiles: i32): usize {
  return alignUp(<usize>tiles * 32);
}
