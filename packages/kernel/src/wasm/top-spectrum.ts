import type { TopSpectrum } from "../backend.js";
import type { SymmetricMatrix } from "../symmetric-matrix.js";
import { nonFiniteElement } from "../validate.js";
import { isPromising, provenCount, type Size, strayOf, targetOf, unseenOf } from "./certificate.js";
import type { KernelInstance } from "./kernel-instance.js";
import { BLOCK, LanczosBasis } from "./lanczos-basis.js";

/** Vectors from which on it can be told well how many there will have to be, and from which on by a factor of two. */
const ENOUGH = 32;
const A_FEW = 16;

/** A basis of more than this share of the order costs about as much as all eigenvalues. */
const LARGEST_SHARE = 1 / 3;

/** From where the basis holds the threshold's share of the trace, so many times more are mostly enough to prove it. */
const PROOF = 1.5;

/** And so many times more before the proof, which takes the eigenvalues of the basis, is worth trying. */
const HOPE = 1.1;

/** A try that seems to have no prospect is made all the same when the basis has grown by this factor since the last. */
const AGAIN = 1.25;

/**
 * The leading eigenvalues of a covariance matrix whose share of the trace reaches the threshold, from a basis as large
 * as it takes to prove it. Null where that does not pay, or where rounding could change their number.
 *
 * @param rank - What the rank of the matrix is known not to exceed.
 * @throws {NonFiniteError} If an element is NaN or infinite.
 */
export function topOfSpectrum(
  instance: KernelInstance,
  a: SymmetricMatrix,
  threshold: number,
  rank: number,
): TopSpectrum | null {
  const { kernel, memory } = instance;
  const limit = BLOCK * Math.floor((a.order * LARGEST_SHARE) / BLOCK);
  if (!(threshold > 0 && threshold < 1) || limit < ENOUGH) return null;
  const work = memory.tryAllocate(kernel.topSpectrumBytes(a.order));
  if (work === undefined) return null;
  const solver = memory.tryAllocate(kernel.dsyevBytes(limit, false));
  try {
    if (solver === undefined) return null;
    const input = kernel.topSpectrumInit(work, a.order, limit) >>> 0;
    memory.copyIn(a.upper, input);
    kernel.topSpectrumStart(work);
    const [trace, squares, exponent] = memory.copyOut(kernel.topSpectrumSums(work), 3) as unknown as Sums;
    // An element that is not finite shows in the sum of their squares.
    if (!Number.isFinite(squares)) {
      throw nonFiniteElement("topSpectrum", a, kernel.firstInfinite(input, a.upper.length));
    }
    const whole = { order: a.order, trace, squares };
    const basis = new LanczosBasis(instance, { work, solver, limit, tolerance: strayOf(whole) });
    const values = search(basis, whole, { threshold, limit, rank });
    return values && { values: timesPower(values, exponent), complete: false };
  } finally {
    if (solver !== undefined) memory.release(solver);
    memory.release(work);
  }
}

/** Trace and squares of the matrix, both meant times two to some power; and that power. */
type Sums = readonly [trace: number, squares: number, exponent: number];

interface Plan {
  readonly threshold: number;
  /** Vectors that are worth looking at. */
  readonly limit: number;
  readonly rank: number;
}

/** The leading eigenvalues, descending; null where they were not found. */
function search(basis: LanczosBasis, whole: Size, { threshold, limit, rank }: Plan): Float64Array | null {
  const target = targetOf(whole, threshold);
  // Cauchy and Schwarz: k eigenvalues sum up to √(k·squares) at most.
  if (!(whole.trace > 0) || target.reached ** 2 > limit * whole.squares) return null;
  const left: number[] = [1];
  let reached = limit;
  let before: Float64Array | null = null;
  while (basis.order < limit) {
    basis.grow();
    const size = basis.order;
    const unseen = unseenOf(whole, basis);
    if (basis.trace >= target.reached) reached = Math.min(reached, size);
    const old = before === null || size >= AGAIN * before.length;
    if (size >= HOPE * reached && (old || isPromising(before as Float64Array, unseen, target))) {
      const count = provenCount(basis, unseen, target);
      before = basis.ritzValues(0);
      if (count > 0 && before !== null) return before.slice(-count).reverse();
    }
    left.push(1 - basis.trace / whole.trace);
    const most = size < A_FEW ? Number.POSITIVE_INFINITY : size < ENOUGH ? 2 * limit : limit;
    // As many vectors as the rank hold all of the matrix.
    if (rank >= limit && PROOF * sizeNeeded(left, 1 - threshold) > most) return null;
  }
  return null;
}

/** In two steps, as two to the exponent may not be a number. */
function timesPower(values: Float64Array, exponent: number): Float64Array {
  const half = Math.trunc(exponent / 2);
  const [first, second] = [2 ** half, 2 ** (exponent - half)];
  return values.map((value) => value * first * second);
}

/**
 * How many vectors it will take until they hold the threshold's share of the trace, if what is left of it, told for
 * each block, goes on to fall as over the last quarter of them: exponentially, which few spectra outdo. 0 once they
 * hold it.
 */
function sizeNeeded(left: readonly number[], goal: number): number {
  const blocks = left.length - 1;
  const from = (3 * blocks) >> 2;
  const [before, now] = [left[from]!, left[blocks]!];
  if (now <= goal) return 0;
  return BLOCK * (blocks + ((blocks - from) * Math.log(now / goal)) / Math.log(before / now));
}
