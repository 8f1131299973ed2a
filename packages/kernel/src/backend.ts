import type { MomentsState } from "./moments-state.js";
import type { GpuSamples, PoolMethod, SampleMatrix } from "./sample-matrix.js";
import type { SymmetricMatrix } from "./symmetric-matrix.js";

/**
 * What carries the arithmetic: accumulate moments, decompose a symmetric matrix. Nothing else; mean,
 * covariance, saturation and the rest are derived from these two, once, in other packages.
 *
 * `state`, `eigvalsh` and `eigh` may answer later (a GPU does); the Wasm and the reference backend answer at once
 * and say so in their types (`SyncBackend`).
 */
export interface Backend {
  /** "wasm", "reference", "webgpu", … */
  readonly name: string;
  /** Machine epsilon of its arithmetic, 2^−52 for float64; every stated bound scales with it. */
  readonly epsilon: number;
  /** The GPUDevice whose buffers `updateGpu` of its moments takes; left out by a backend that computes elsewhere. */
  readonly gpuDevice?: object | undefined;
  /** What `updateGpu` makes of many values by itself; nothing when left out. */
  readonly gpuPools?: readonly PoolMethod[];
  /**
   * An empty accumulator for samples of `features` values.
   *
   * @throws {ShapeError} If `features` is not a positive integer.
   * @throws {OutOfMemoryError} If there is no room for it.
   */
  createMoments(features: number): Moments;
  /** Eigenvalues of a symmetric matrix, ascending (LAPACK dsyev, JOBZ='N'). */
  eigvalsh(a: SymmetricMatrix): Float64Array | Promise<Float64Array>;
  /**
   * Eigenvalues of many symmetric matrices, of any orders: for each what `eigvalsh` gives. It spares a backend whose
   * calls have a price of their own, as a GPU's have, all but one; the Wasm backend takes the same time either way.
   *
   * @throws {ShapeError} If the order and the length of a matrix do not belong together.
   * @throws {NonFiniteError} If an element is NaN or infinite. Errors name the index of the matrix in the list.
   * @example
   * import { loadKernel } from "@delve/kernel";
   *
   * const backend = await loadKernel();
   * const [first, second] = backend.eigvalshBatch([
   *   { order: 1, upper: Float64Array.of(7) },
   *   { order: 2, upper: Float64Array.of(2, 1, 2) },
   * ]);
   * second; // Float64Array [1, 3]
   */
  eigvalshBatch?(matrices: readonly SymmetricMatrix[]): Float64Array[] | Promise<Float64Array[]>;
  /** Eigenvalues, ascending, and orthonormal eigenvectors of a symmetric matrix (LAPACK dsyev, JOBZ='V'). */
  eigh(a: SymmetricMatrix): Eigh | Promise<Eigh>;
  /**
   * The leading eigenvalues of a covariance matrix: as many as it takes until their share of the total variance reaches
   * a threshold, for less than the price of all where they are few. Left out by a backend that has no short cut.
   *
   * Their number is always the one that `eigvalsh` leads to: where rounding could tell otherwise, they are what
   * `eigvalsh` gives, and all of them are found, too, where that is as fast.
   *
   * @param a - Positive semidefinite up to rounding.
   * @param threshold - Share of the variance; outside (0, 1) all eigenvalues are found.
   * @param rank - What the rank of `a` cannot exceed, as the covariance of n samples n − 1; its order when left out.
   * @throws {NonFiniteError} If an element is NaN or infinite.
   */
  topSpectrum?(a: SymmetricMatrix, threshold: number, rank?: number): TopSpectrum | Promise<TopSpectrum>;
  /** Frees what the backend holds; its accumulators are of no use afterwards. Idempotent. */
  dispose(): void;
  [Symbol.dispose](): void;
}

/** An accumulator of moments. Owned by whoever made it; `dispose` frees it. */
export interface Moments {
  readonly features: number;
  /** Samples taken in since the last reset. */
  readonly count: number;
  /**
   * Takes in a batch. The input has been read or copied when this returns. All or nothing: a batch that is
   * refused leaves the moments as they were. A batch of 0 rows changes nothing.
   *
   * @throws {ShapeError} If the view does not fit its data, or has another number of features.
   * @throws {NonFiniteError} If a value is NaN, infinite, or larger than 1e150 in magnitude (its square would overflow).
   */
  update(samples: SampleMatrix): void;
  /**
   * Takes in a batch that lies in a buffer of the backend's `gpuDevice`, where it lies. Reading it has been queued when
   * this returns: what the device's queue is given afterwards may overwrite or destroy the buffer. What is wrong with
   * its values is reported by the next `state`, which is rejected; the batch is left out, and the `state` after it is
   * that of all others.
   *
   * @throws {ShapeError} If the view does not fit, or has another number of features.
   */
  updateGpu?(samples: GpuSamples): void;
  /** A copy of what has been accumulated, as plain data. */
  state(): MomentsState | Promise<MomentsState>;
  /** Takes in all samples of another state (Chan et al. 1979), as if they had been given to `update`. */
  merge(state: MomentsState): void;
  /** Back to no samples; memory is kept. */
  reset(): void;
  /** Frees its memory. Idempotent; any other use afterwards throws a `DisposedError`. */
  dispose(): void;
  [Symbol.dispose](): void;
}

/** Eigenvalues ascending; `vectors` is order × order, row-major, its column k the eigenvector of `values[k]`. */
export interface Eigh {
  readonly values: Float64Array;
  readonly vectors: Float64Array;
}

/** Leading eigenvalues of a covariance matrix. */
export interface TopSpectrum {
  /**
   * Descending: the least number of eigenvalues whose share reaches the threshold, each found from below and not beyond
   * the precision that their number needs; if `complete`, all eigenvalues to full precision.
   */
  readonly values: Float64Array;
  readonly complete: boolean;
}

/** A backend that answers at once. */
export interface SyncBackend extends Backend {
  createMoments(features: number): SyncMoments;
  eigvalsh(a: SymmetricMatrix): Float64Array;
  eigvalshBatch?(matrices: readonly SymmetricMatrix[]): Float64Array[];
  eigh(a: SymmetricMatrix): Eigh;
  topSpectrum?(a: SymmetricMatrix, threshold: number, rank?: number): TopSpectrum;
}

/** Moments of a backend that answers at once. */
export interface SyncMoments extends Moments {
  state(): MomentsState;
}
