import {
  type Backend,
  covariance,
  type MomentsState,
  type SyncBackend,
  type TopSpectrum,
} from "@delve/kernel";

/**
 * Eigenvalues, and principal axes where they were asked for, of the covariance matrix of some samples.
 * Computed once and shared by every statistic of a layer.
 */
export interface Spectrum {
  /** Number of features, and so of eigenvalues. */
  readonly order: number;
  /** The leading values: as many as carry the share that was asked for, or all, which it says. */
  readonly top: TopSpectrum;
  /**
   * As the backend found them, descending. Rounding can leave small negative ones.
   *
   * @throws {Error} If the leading ones alone were asked for.
   */
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

/** Which spectrum to compute, and how much of it. */
export interface SpectrumOptions {
  /** Of the covariance (default); without, of the second moment about zero, Σ x xᵀ/n. */
  readonly center?: boolean;
  /** Principal axes too; a decomposition with vectors costs several times one without. False when left out. */
  readonly vectors?: boolean;
  /**
   * The share of the variance whose leading eigenvalues are enough, where the backend has a short cut to them; without
   * it all eigenvalues are computed. Of no effect beside `vectors`.
   */
  readonly top?: number;
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
  { center = true, vectors = false, top }: SpectrumOptions = {},
): Spectrum | Promise<Spectrum> {
  const matrix = covariance(state, { center });
  if (!vectors && top !== undefined && backend.topSpectrum !== undefined) {
    // Deviations from the mean sum up to zero: n of them span n − 1 directions.
    const found = backend.topSpectrum(matrix, top, center ? state.count - 1 : state.count);
    return then(found, (found) => (found.complete ? whole(found) : new LeadingSpectrum(matrix.order, found)));
  }
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

const whole = (found: TopSpectrum): Spectrum => new DescendingSpectrum(found.values.slice().reverse(), null);

/** A spectrum of which only the leading eigenvalues were computed. */
class LeadingSpectrum implements Spectrum {
  readonly order: number;
  readonly top: TopSpectrum;

  constructor(order: number, top: TopSpectrum) {
    this.order = order;
    this.top = top;
  }

  get values(): never {
    throw new Error(
      'spectrumOf: values need all eigenvalues, got { top }; a statistic that reads them needs: ["values"]',
    );
  }

  get clipped(): never {
    return this.values;
  }

  get axes(): never {
    throw withoutAxes();
  }
}

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

  get order(): number {
    return this.values.length;
  }

  get top(): TopSpectrum {
    return { values: this.values, complete: true };
  }

  get clipped(): Float64Array {
    this.#clipped ??= this.values.map((value) => Math.max(value, 0));
    return this.#clipped;
  }

  get axes(): Float64Array {
    if (this.#columns === null) {
      throw withoutAxes();
    }
    this.#axes ??= principalAxes(this.#columns, this.values.length);
    return this.#axes;
  }
}

const withoutAxes = (): Error =>
  new Error('spectrumOf: axes need { vectors: true }, and a statistic that reads them needs: ["vectors"]');

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
