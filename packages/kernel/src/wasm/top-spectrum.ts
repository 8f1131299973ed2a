import type { TopSpectrum } from "../backend.js";
import type { SymmetricMatrix } from "../symmetric-matrix.js";
import { nonFiniteElement } from "../validate.js";
import { isPromising, provenCount, type Seen, targetOf, unseenOf } from "./certificate.js";
import type { Address } from "./kernel-exports.js";
import type { KernelInstance } from "./kernel-instance.js";

/** Vectors that the kernel adds to its basis at a time. */
const BLOCK = 8;

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
const AGAIN = 1.15;

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
  try {
    const input = kernel.topSpectrumInit(work, a.order, limit) >>> 0;
    memory.copyIn(a.upper, input);
    kernel.topSpectrumStart(work);
    // An element that is not finite shows in the sum of their squares.
    if (!Number.isFinite(sumsOf(instance, work)[1])) {
      throw nonFiniteElement("topSpectrum", a, kernel.firstInfinite(input, a.upper.length));
    }
    return search(instance, work, { threshold, limit, rank, order: a.order });
  } finally {
    memory.release(work);
  }
}

interface Plan {
  readonly order: number;
  readonly threshold: number;
  /** Vectors that are worth looking at. */
  readonly limit: number;
  readonly rank: number;
}

function search(instance: KernelInstance, work: Address, plan: Plan): TopSpectrum | null {
  const { kernel } = instance;
  const { order, threshold, limit, rank } = plan;
  const [trace, squares, , , , exponent] = sumsOf(instance, work);
  const whole = { order, trace, squares };
  const target = targetOf(whole, threshold);
  // Cauchy and Schwarz: k eigenvalues sum up to √(k·squares) at most.
  if (!(whole.trace > 0) || target.reached ** 2 > limit * whole.squares) return null;
  const left: number[] = [1];
  let reached = limit;
  let before: Float64Array | null = null;
  for (let size = 0; size < limit; ) {
    size = kernel.topSpectrumAdvance(work);
    const seen = seenBy(instance, work, size);
    const unseen = unseenOf(whole, seen);
    if (seen.trace >= target.reached) reached = Math.min(reached, size);
    const old = before === null || size >= AGAIN * before.length;
    if (size >= HOPE * reached && (old || isPromising(before as Float64Array, unseen, target))) {
      const count = provenCount(seen, unseen, target);
      before = seen.ritzValues(0);
      if (count > 0 && before !== null) return { values: leading(before, count, exponent), complete: false };
    }
    left.push(1 - seen.trace / whole.trace);
    const most = size < A_FEW ? Number.POSITIVE_INFINITY : size < ENOUGH ? 2 * limit : limit;
    // As many vectors as the rank hold all of the matrix.
    if (rank >= limit && PROOF * sizeNeeded(left, 1 - threshold) > most) return null;
  }
  return null;
}

/**
 * Trace and squares of the matrix, of what the basis sees of it, and squares of its coupling to the rest, all meant times
 * two to some power; and that power.
 */
type Sums = readonly [
  trace: number,
  squares: number,
  seenTrace: number,
  seenSquares: number,
  coupling: number,
  exponent: number,
];

function sumsOf({ kernel, memory }: KernelInstance, work: Address): Sums {
  return memory.copyOut(kernel.topSpectrumSums(work), 6) as unknown as Sums;
}

function seenBy(instance: KernelInstance, work: Address, order: number): Seen {
  const { kernel, memory } = instance;
  const [, , trace, squares, coupling] = sumsOf(instance, work);
  let own: Float64Array | null | undefined;
  return {
    order,
    trace,
    squares: squares + 2 * coupling,
    ritzValues(share) {
      if (share === 0 && own !== undefined) return own;
      const address = kernel.topSpectrumRitz(work, share);
      const values = address === 0 ? null : memory.copyOut(address, order);
      if (share === 0) own = values;
      return values;
    },
  };
}

/** The largest of the values, descending, times two to the exponent: in two steps, as that may not be a number. */
function leading(ascending: Float64Array, count: number, exponent: number): Float64Array {
  const half = Math.trunc(exponent / 2);
  const [first, second] = [2 ** half, 2 ** (exponent - half)];
  return ascending
    .slice(-count)
    .reverse()
    .map((value) => value * first * second);
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
