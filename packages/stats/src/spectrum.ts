import { type Backend, covariance, type MomentsState, type SyncBackend } from "@delve/kernel";

/**
 * Eigenvalues, and principal axes where they were asked for, of the covariance matrix of some samples.
 * Computed once and shared by every statistic of a layer.
 */
export interface Spectrum {
  /** As the backend found them, descending. Rounding can leave small negative ones. */
  readonly values: Float64Array;
  /** The same with negatives as 0: a covariance matrix has none. */
  readonly clipped: Float64Array;
  /**
   * Row k is the unit axis of `values[k]`, its component of largest magnitude positive; features × features.
   *
   * @throws {Error} If the vectors were not asked for.
   */
  readonly axes: Float64Array;
}

/** How much of a spectrum to compute. */
export interface SpectrumOptions {
  /** Principal axes too; a decomposition with vectors costs several times one without. False when left out. */
  readonly vectors?: boolean;
}

/**
 * The spectrum of the covariance matrix (population, divided by n) of accumulated samples; at once where the backend
 * answers at once.
 *
 * @throws {RangeError} If the state has no samples.
 * @example
 * import { referenceBackend } from "@delve/kernel/reference";
 *
 * const backend = referenceBackend();
 * const moments = backend.createMoments(2);
 * moments.update({ data: Float64Array.of(0, 0, 4, 0, 0, 2, 4, 2), rows: 4, features: 2, rowStride: 2, featureStride: 1 });
 * spectrumOf(moments.state(), backend).values; // [4, 1]
 */
export function spectrumOf(state: MomentsState, backend: SyncBackend, options?: SpectrumOptions): Spectrum;
export function spectrumOf(
  state: MomentsState,
  backend: Backend,
  options?: SpectrumOptions,
): Spectrum | Promise<Spectrum>;
export function spectrumOf(
  state: MomentsState,
  backend: Backend,
  { vectors = false }: SpectrumOptions = {},
): Spectrum | Promise<Spectrum> {
  const matrix = covariance(state);
  if (!vectors) return then(backend.eigvalsh(matrix), (values) => new DescendingSpectrum(values, null));
  return then(backend.eigh(matrix), (eigh) => new DescendingSpectrum(eigh.values, eigh.vectors));
}

/**
 * A spectrum of which the eigenvalues alone are known; it has no axes.
 *
 * @param values - In any order.
 * @example
 * spectrumOfValues([1, 4]).values; // [4, 1]
 */
export function spectrumOfValues(values: ArrayLike<number>): Spectrum {
  return new DescendingSpectrum(Float64Array.from(values).sort(), null);
}

const then = <A, B>(answer: A | Promise<A>, next: (answer: A) => B): B | Promise<B> =>
  answer instanceof Promise ? answer.then(next) : next(answer);

class DescendingSpectrum implements Spectrum {
  readonly values: Float64Array;
  #clipped: Float64Array | null = null;
  #axes: Float64Array | null = null;
  readonly #columns: Float64Array | null;

  /** Takes what LAPACK gives: values ascending, and the vector of each in the column of the same number. */
  constructor(ascending: Float64Array, columns: Float64Array | null) {
    this.values = ascending.slice().reverse();
    this.#columns = columns;
  }

  get clipped(): Float64Array {
    this.#clipped ??= this.values.map((value) => Math.max(value, 0));
    return this.#clipped;
  }

  get axes(): Float64Array {
    if (this.#columns === null) {
      throw new Error(
        'spectrumOf: axes need { vectors: true }, and a statistic that reads them needs: ["vectors"]',
      );
    }
    this.#axes ??= principalAxes(this.#columns, this.values.length);
    return this.#axes;
  }
}

function principalAxes(columns: Float64Array, order: number): Float64Array {
  const axes = new Float64Array(order * order);
  for (let k = 0; k < order; k++) {
    const column = order - 1 - k;
    let largest = 0;
    for (let i = 0; i < order; i++) {
      const component = columns[i * order + column]!;
      axes[k * order + i] = component;
      if (Math.abs(component) > Math.abs(largest)) largest = component;
    }
    // The sign of an eigenvector is free; fixed like this it does not flip from one save to the next.
    if (largest < 0) for (let i = 0; i < order; i++) axes[k * order + i]! *= -1;
  }
  return axes;
}
