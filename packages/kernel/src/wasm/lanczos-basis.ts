import type { Seen } from "./certificate.js";
import type { Address } from "./kernel-exports.js";
import type { KernelInstance } from "./kernel-instance.js";

/** Vectors that the kernel adds to a basis at a time. */
export const BLOCK = 8;

/**
 * What a vector has to keep of its block's norm for its rounding to be small beside what is left of it, so that it need
 * not be made orthogonal to the basis again (J. W. Daniel, W. B. Gragg, L. Kaufman, G. W. Stewart, 1976).
 */
const KEPT = 1 / 256;

interface BasisOptions {
  /** The kernel's, made ready with the matrix. */
  readonly work: Address;
  /** Room for all eigenvalues of a matrix of order `limit`. */
  readonly solver: Address;
  /** Vectors that there is room for. */
  readonly limit: number;
  /** The largest norm that a block of T may have where T ought to be zero. */
  readonly tolerance: number;
}

/**
 * An orthonormal basis Q in the kernel, grown by Lanczos' method with a matrix A, and what it shows of A.
 *
 * Between all but neighbouring blocks, T = Qᵀ·A·Q is zero but for rounding: what is found there tells, weighted as it
 * counts, what Q lacks in orthogonality. Once that exceeds a tolerance, two blocks in a row are made orthogonal twice, which
 * ends its growth (H. D. Simon, 1984).
 */
export class LanczosBasis implements Seen {
  readonly #instance: KernelInstance;
  readonly #work: Address;
  readonly #solver: Address;
  readonly #limit: number;
  readonly #tolerance: number;
  /** Upper triangle of T, column by column. */
  readonly #columns: Float64Array;
  /** B·Bᵀ, as the kernel hands it over. */
  #coupling: Float64Array = new Float64Array(BLOCK ** 2);
  #values: Float64Array | null | undefined;
  /** Norm below which a vector is made orthogonal twice, and blocks that are made so whatever is left of them. */
  #clear = 0;
  #careful = 0;
  #seenSquares = 0;
  #coupled = 0;
  order = 0;
  trace = 0;

  constructor(instance: KernelInstance, { work, solver, limit, tolerance }: BasisOptions) {
    this.#instance = instance;
    this.#work = work;
    this.#solver = solver;
    this.#limit = limit;
    this.#tolerance = tolerance;
    this.#columns = new Float64Array((limit * (limit + 1)) / 2);
  }

  /** Squares of the elements of T, and twice those of its coupling to the rest. */
  get squares(): number {
    return this.#seenSquares + 2 * this.#coupled;
  }

  /** Adds a block, while there is room for one. */
  grow(): void {
    const { kernel, memory } = this.#instance;
    const image = kernel.topSpectrumAdvance(this.#work, this.#careful > 0 ? Infinity : this.#clear);
    const values = memory.copyOut(image, BLOCK * (this.#limit + BLOCK));
    const before = this.#seenSquares;
    const stray = this.#keepColumns(values);
    this.#careful = stray > this.#tolerance ** 2 ? 2 : Math.max(this.#careful - 1, 0);
    this.#coupling = values.subarray(BLOCK * this.#limit);
    this.#coupled = 0;
    for (let i = 0; i < BLOCK; i++) this.#coupled += inSlices(this.#coupling, BLOCK, i, i);
    this.#clear = KEPT * Math.sqrt(this.#seenSquares - before + this.#coupled);
    this.#values = undefined;
  }

  /** Returns the squares of what ought to be zero. */
  #keepColumns(values: Float64Array): number {
    const neighbours = this.order - BLOCK;
    let stray = 0;
    for (let j = 0; j < BLOCK; j++, this.order++) {
      const from = (this.order * (this.order + 1)) / 2;
      let squares = 0;
      for (let i = 0; i < this.order; i++) {
        const value = inSlices(values, this.#limit, i, j);
        this.#columns[from + i] = value;
        squares += value ** 2;
        if (i < neighbours) stray += value ** 2;
      }
      const diagonal = inSlices(values, this.#limit, this.order, j);
      this.#columns[from + this.order] = diagonal;
      this.trace += diagonal;
      this.#seenSquares += 2 * squares + diagonal ** 2;
    }
    return stray;
  }

  ritzValues(share: number): Float64Array | null {
    if (share !== 0) return this.#solve(share);
    if (this.#values === undefined) this.#values = this.#solve(0);
    return this.#values;
  }

  #solve(share: number): Float64Array | null {
    const { kernel, memory } = this.#instance;
    const size = (this.order * (this.order + 1)) / 2;
    const columns = this.#columns.slice(0, size);
    const last = this.order - BLOCK;
    for (let j = 0, at = (last * (last + 1)) / 2; j < BLOCK; j++) {
      at += last;
      for (let i = 0; i <= j; i++, at++) columns[at]! += share * inSlices(this.#coupling, BLOCK, i, j);
    }
    const input = kernel.dsyevInit(this.#solver, this.order, false);
    // Columns of the upper triangle, from the last element to the first, are its rows for the reversed basis.
    memory.copyIn(columns.reverse(), input);
    return kernel.dsyev(this.#solver) === 0
      ? memory.copyOut(kernel.dsyevValues(this.#solver), this.order)
      : null;
  }
}

/** Element of a matrix that is kept in slices of four columns, each row by row. */
function inSlices(values: Float64Array, rows: number, i: number, j: number): number {
  return values[(j >> 2) * rows * 4 + i * 4 + (j & 3)]!;
}
