import type { TopSpectrum } from "../backend.js";
import type { SymmetricMatrix } from "../symmetric-matrix.js";
import { nonFiniteElement } from "../validate.js";
import { clearCount, provenCount, type Seen, targetOf, unseenOf } from "./certificate.js";
import type { Address } from "./kernel-exports.js";
import type { KernelInstance } from "./kernel-instance.js";

/** Rows of the tridiagonal form between two looks at what they tell; the kernel wants 4·m − 1 of them. */
const STEP = 16;

/** Beyond this share of the rows the full solve, which does its arithmetic in larger blocks, is nearly as fast. */
const LARGEST_SHARE = 1 / 3;

/** From where the rows hold the threshold's share of the trace, so many times more are mostly enough to prove it. */
const PROOF = 1.5;

/**
 * The leading eigenvalues of a covariance matrix whose share of the trace reaches the threshold, from as many rows of
 * its tridiagonal form as it takes to prove it; all of them, from all of its rows, where that is more than pays. Null
 * where rows are not worth starting with, or where rounding could change the number that all eigenvalues lead to.
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
  const limit = STEP * Math.floor((a.order * LARGEST_SHARE) / STEP) - 1;
  if (!(threshold > 0 && threshold < 1) || limit < 0) return null;
  const work = memory.tryAllocate(kernel.topSpectrumBytes(a.order));
  if (work === undefined) return null;
  try {
    const input = kernel.topSpectrumInit(work, a.order) >>> 0;
    memory.copyIn(a.upper, input);
    const bad = kernel.firstInfinite(input, a.upper.length);
    if (bad >= 0) throw nonFiniteElement("topSpectrum", a, bad);
    kernel.topSpectrumStart(work);
    return search(instance, work, a.order, { threshold, limit, rank });
  } finally {
    memory.release(work);
  }
}

interface Plan {
  readonly threshold: number;
  /** Rows that are worth looking at. */
  readonly limit: number;
  readonly rank: number;
}

function search(instance: KernelInstance, work: Address, order: number, plan: Plan): TopSpectrum | null {
  const { kernel } = instance;
  const { threshold, limit, rank } = plan;
  const whole = { order, trace: kernel.topSpectrumTrace(work), squares: kernel.topSpectrumSquares(work) };
  const target = targetOf(whole, threshold);
  // Cauchy and Schwarz: k eigenvalues sum up to √(k·squares) at most.
  if (!(whole.trace > 0) || target.reached ** 2 > limit * whole.squares) return null;
  for (let rows = STEP - 1; rows <= limit; rows += STEP) {
    kernel.topSpectrumAdvance(work, rows);
    const seen = seenRows(instance, work, rows);
    const count = provenCount(seen, unseenOf(whole, seen), target);
    if (count > 0) {
      ritzValues(instance, work, rows, 0);
      return { values: descending(instance, work, rows).slice(0, count), complete: false };
    }
    const hopeless = PROOF * rowsNeeded(seen.diagonal, whole.trace, threshold) > limit;
    // As many rows as the rank, and one, hold all of the matrix.
    if (hopeless && rank >= limit) break;
  }
  kernel.topSpectrumFinish(work);
  const values = ritzValues(instance, work, order, 0);
  if (values === null || clearCount(values, target) === 0) return null;
  return { values: descending(instance, work, order), complete: true };
}

function seenRows(instance: KernelInstance, work: Address, rows: number): Seen {
  const { kernel, memory } = instance;
  return {
    diagonal: memory.copyOut(kernel.topSpectrumDiagonal(work), rows),
    offDiagonal: memory.copyOut(kernel.topSpectrumOffDiagonal(work), rows),
    ritzValues: (addition) => ritzValues(instance, work, rows, addition),
  };
}

function ritzValues(
  { kernel, memory }: KernelInstance,
  work: Address,
  rows: number,
  addition: number,
): Float64Array | null {
  if (kernel.topSpectrumRitz(work, addition) !== 0) return null;
  return memory.copyOut(kernel.topSpectrumValues(work), rows);
}

/** The Ritz values found last, in the units of the matrix. */
function descending({ kernel, memory }: KernelInstance, work: Address, rows: number): Float64Array {
  kernel.topSpectrumUnscale(work);
  return memory.copyOut(kernel.topSpectrumValues(work), rows).reverse();
}

/**
 * How many rows it will take until they hold the threshold's share of the trace, if what is left of it goes on to
 * fall as it has: exponentially, which few spectra outdo. 0 while it is too early to say, and once they hold it.
 */
function rowsNeeded(diagonal: Float64Array, trace: number, threshold: number): number {
  const rows = diagonal.length;
  if (rows < 2 * STEP - 1) return 0;
  const half = rows >> 1;
  const left = (count: number) => 1 - diagonal.subarray(0, count).reduce((sum, x) => sum + x, 0) / trace;
  const [before, now, goal] = [left(half), left(rows), 1 - threshold];
  return now <= goal ? 0 : rows + ((rows - half) * Math.log(now / goal)) / Math.log(before / now);
}
