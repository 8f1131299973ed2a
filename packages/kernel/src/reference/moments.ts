import type { SyncMoments } from "../backend.js";
import { addCompensated } from "../compensated.js";
import { DisposedError, OutOfMemoryError } from "../errors.js";
import { checkFiniteSamples } from "../finite-samples.js";
import type { MomentsState } from "../moments-state.js";
import type { SampleMatrix } from "../sample-matrix.js";
import { addOuterProduct, packedLength } from "../symmetric-matrix.js";
import { type CheckedSamples, checkFeatures, checkSamples, checkState } from "../validate.js";
import { dsyrk } from "./dsyrk.js";
import { gatherRows } from "./gather.js";

/**
 * Rows that are centred and multiplied together. Inside a block rounding errors add up; between blocks they are
 * compensated, so that the error of the scatter does not grow with the number of samples.
 */
const BLOCK_ROWS = 256;

/** Everything an accumulator holds. All of it is allocated at once: an update never runs out of memory. */
interface Accumulator {
  count: number;
  readonly shift: Float64Array;
  /** Mean − shift, in two parts. */
  readonly offset: Float64Array;
  readonly offsetLow: Float64Array;
  /** Σ (x − μ)(x − μ)ᵀ, in two parts. */
  readonly scatter: Float64Array;
  readonly scatterLow: Float64Array;
  /** Scratch for a part that joins: its rows, its mean − shift in two parts, its scatter. */
  readonly rows: Float64Array;
  readonly partOffset: Float64Array;
  readonly partOffsetLow: Float64Array;
  readonly partScatter: Float64Array;
}

/**
 * Moments in plain TypeScript.
 *
 * Samples are taken relative to `shift`, the mean of the first block: x − shift is exact or nearly so, however large
 * the mean, and all that follows works on numbers of the size of the standard deviation. Each block is centred on
 * its own mean and its scatter joined to the rest (T. F. Chan, G. H. Golub, R. J. LeVeque, 1979).
 *
 * @param ownerIsDisposed - Whether the backend it belongs to has been disposed.
 */
export function createReferenceMoments(features: number, ownerIsDisposed: () => boolean): SyncMoments {
  checkFeatures("createMoments", features);
  let held: Accumulator | null = allocate(features);
  const accumulator = (caller: string): Accumulator => {
    if (held === null || ownerIsDisposed()) {
      throw new DisposedError(`${caller}: needs moments that are in use, got disposed ones`);
    }
    return held;
  };
  const dispose = () => {
    held = null;
  };
  return {
    features,
    get count() {
      return accumulator("count").count;
    },
    update(samples: SampleMatrix) {
      const acc = accumulator("update");
      const view = checkSamples("update", samples, features);
      checkFiniteSamples("update", view);
      for (let from = 0; from < view.rows; from += BLOCK_ROWS) {
        joinBlock(acc, view, from, Math.min(BLOCK_ROWS, view.rows - from));
      }
    },
    state: () => snapshot(accumulator("state"), features),
    merge(state: MomentsState) {
      const acc = accumulator("merge");
      checkState("merge", state, features);
      joinState(acc, state);
    },
    reset: () => reset(accumulator("reset")),
    dispose,
    [Symbol.dispose]: dispose,
  };
}

function allocate(features: number): Accumulator {
  try {
    const vector = () => new Float64Array(features);
    const triangle = () => new Float64Array(packedLength(features));
    return {
      count: 0,
      shift: vector(),
      offset: vector(),
      offsetLow: vector(),
      scatter: triangle(),
      scatterLow: triangle(),
      rows: new Float64Array(BLOCK_ROWS * features),
      partOffset: vector(),
      partOffsetLow: vector(),
      partScatter: triangle(),
    };
  } catch {
    throw new OutOfMemoryError(
      `createMoments: moments of this size need more memory, got ${features} features`,
    );
  }
}

function joinBlock(acc: Accumulator, view: CheckedSamples, from: number, count: number): void {
  const d = view.features;
  const padded = Math.ceil(count / 4) * 4;
  const rows = acc.rows.subarray(0, padded * d);
  gatherRows(view, from, count, rows);
  if (acc.count === 0) chooseShift(acc.shift, rows, count);
  subtractFromRows(rows, count, acc.shift);
  // Twice: the mean of the centred rows is what rounding took from the mean.
  columnMeans(rows, count, acc.partOffset);
  subtractFromRows(rows, count, acc.partOffset);
  columnMeans(rows, count, acc.partOffsetLow);
  rows.fill(0, count * d);
  dsyrk(d, padded, rows, acc.partScatter);
  joinPart(acc, count);
}

/**
 * The mean of the first block, as its first row + the mean distance from it: exactly the value of a feature that
 * does not vary, which therefore gets a variance of exactly 0.
 */
function chooseShift(shift: Float64Array, rows: Float64Array, count: number): void {
  const d = shift.length;
  for (let f = 0; f < d; f++) {
    let distance = 0;
    for (let r = 1; r < count; r++) distance += rows[r * d + f]! - rows[f]!;
    shift[f] = rows[f]! + distance / count;
  }
}

function subtractFromRows(rows: Float64Array, count: number, x: Float64Array): void {
  const d = x.length;
  for (let r = 0, at = 0; r < count; r++) {
    for (let f = 0; f < d; f++, at++) rows[at] = rows[at]! - x[f]!;
  }
}

function columnMeans(rows: Float64Array, count: number, means: Float64Array): void {
  const d = means.length;
  means.fill(0);
  for (let r = 0, at = 0; r < count; r++) {
    for (let f = 0; f < d; f++, at++) means[f] = means[f]! + rows[at]!;
  }
  for (let f = 0; f < d; f++) means[f] = means[f]! / count;
}

function joinState(acc: Accumulator, state: MomentsState): void {
  if (state.count === 0) return;
  if (acc.count === 0) acc.shift.set(state.shift);
  acc.partOffset.set(state.shift);
  acc.partOffsetLow.fill(0);
  addCompensated(acc.partOffset, acc.partOffsetLow, acc.shift, -1);
  addCompensated(acc.partOffset, acc.partOffsetLow, state.offset);
  acc.partScatter.set(state.scatter);
  joinPart(acc, state.count);
}

/** Takes in the part whose moments lie in the scratch: `partOffset`, `partOffsetLow`, `partScatter`. */
function joinPart(acc: Accumulator, partCount: number): void {
  const count = acc.count + partCount;
  const delta = acc.partOffset;
  addCompensated(delta, acc.partOffsetLow, acc.offset, -1);
  for (let f = 0; f < delta.length; f++) {
    delta[f] = delta[f]! + (acc.partOffsetLow[f]! - acc.offsetLow[f]!);
  }
  addOuterProduct(acc.partScatter, delta, (acc.count * partCount) / count);
  addCompensated(acc.scatter, acc.scatterLow, acc.partScatter);
  for (let f = 0; f < delta.length; f++) delta[f] = delta[f]! * (partCount / count);
  addCompensated(acc.offset, acc.offsetLow, delta);
  acc.count = count;
}

function snapshot(acc: Accumulator, features: number): MomentsState {
  return {
    features,
    count: acc.count,
    shift: acc.shift.slice(),
    offset: acc.offset.map((value, i) => value + acc.offsetLow[i]!),
    scatter: acc.scatter.map((value, i) => value + acc.scatterLow[i]!),
  };
}

function reset(acc: Accumulator): void {
  acc.count = 0;
  for (const part of [acc.shift, acc.offset, acc.offsetLow, acc.scatter, acc.scatterLow]) part.fill(0);
}
