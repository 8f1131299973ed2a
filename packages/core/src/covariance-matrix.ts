import {
  type Backend,
  type CovarianceOptions,
  DisposedError,
  decodeState,
  encodeState,
  type Moments,
  type MomentsState,
  mean,
  ShapeError,
} from "@delve/kernel";
import { intrinsicDimensionality, saturation, spectrumOf } from "@delve/stats/statistics";
import { update } from "./accumulate.js";
import { checkSaturationOptions, covarianceOf, type SaturationOptions } from "./delve.js";
import { type DeviceOptions, sharedDevice } from "./device.js";
import { asSamples } from "./input/as-samples.js";
import type { MatrixInput } from "./input/matrix-input.js";
import type { Matrix } from "./matrix.js";
import { checkOptions } from "./options.js";
import { SavedSamples } from "./saved-samples.js";

/** Options of a `CovarianceMatrix`. */
export interface CovarianceMatrixOptions extends DeviceOptions {
  /** What the number of samples is lessened by in `fix`; 0 when left out, 1 for the unbiased estimate. */
  readonly ddof?: number | undefined;
  /** Keep a copy of every sample in `savedSamples`; false when left out. */
  readonly saveData?: boolean | undefined;
}

const OPTIONS: readonly string[] = ["device", "backend", "ddof", "saveData"];

/**
 * A covariance matrix that is accumulated batch by batch, in float64, and can be merged, stored and taken up again.
 *
 * The first batch fixes the number of features. What changes it (`update`, `reset`) is done on return; what reads
 * it is awaited, since not every device answers at once. It holds memory of the device until `dispose`.
 *
 * @example
 * const matrix = await CovarianceMatrix.open();
 * matrix.update([[1, 2], [3, 2]]);
 * matrix.update([[5, 8]]);
 * (await matrix.fix()).toArray(); // [[8 / 3, 4], [4, 8]]
 * await matrix.saturation({ threshold: 0.9 }); // 0.5
 * matrix.dispose();
 */
export class CovarianceMatrix {
  readonly #backend: Backend;
  readonly #ddof: number;
  readonly #saved: SavedSamples | null;
  #moments: Moments | null = null;
  #disposed = false;

  /**
   * An empty one, ready to take in samples.
   *
   * @throws {BackendUnavailableError} If the device is unknown or cannot run here.
   * @throws {RangeError} If an option is unknown or out of range.
   */
  static async open(options: CovarianceMatrixOptions = {}): Promise<CovarianceMatrix> {
    const caller = "CovarianceMatrix.open";
    checkOptions(caller, options, OPTIONS);
    const { ddof = 0, saveData = false, backend = await sharedDevice(caller, options.device) } = options;
    if (!(Number.isFinite(ddof) && ddof >= 0)) {
      throw new RangeError(`${caller}: ddof must be a number of 0 or more, got ${ddof}`);
    }
    return new CovarianceMatrix(backend, ddof, saveData);
  }

  /**
   * One that goes on from a state.
   *
   * @throws {ShapeError} If the parts of the state do not belong together.
   */
  static async fromState(
    state: MomentsState,
    options: CovarianceMatrixOptions = {},
  ): Promise<CovarianceMatrix> {
    const matrix = await CovarianceMatrix.open(options);
    await matrix.merge(state);
    return matrix;
  }

  /**
   * One that goes on from what `encode` gave.
   *
   * @throws {StateFormatError} If the bytes are not exactly one encoded state; its `reason` says why.
   * @example
   * const matrix = await CovarianceMatrix.open();
   * matrix.update([[1, 2], [3, 4]]);
   * const again = await CovarianceMatrix.decode(await matrix.encode());
   * again.count; // 2
   */
  static async decode(bytes: Uint8Array, options: CovarianceMatrixOptions = {}): Promise<CovarianceMatrix> {
    return CovarianceMatrix.fromState(decodeState(bytes), options);
  }

  private constructor(backend: Backend, ddof: number, saveData: boolean) {
    this.#backend = backend;
    this.#ddof = ddof;
    this.#saved = saveData ? new SavedSamples() : null;
  }

  /** What carries the arithmetic: "wasm", "reference", … */
  get device(): string {
    return this.#backend.name;
  }

  /** Number of features; `undefined` before the first batch. */
  get features(): number | undefined {
    return this.#moments?.features;
  }

  /** Samples taken in since it was opened or reset. */
  get count(): number {
    return this.#moments?.count ?? 0;
  }

  /**
   * All samples given to `update` since it was opened or reset, n × features, copied; `null` without `saveData` and
   * before the first. Samples that came by `merge` are not among them.
   */
  get savedSamples(): Matrix | null {
    return this.#saved?.toMatrix() ?? null;
  }

  /**
   * Takes in a batch. It has been read when this returns; a batch that is refused changes nothing.
   *
   * @throws {ShapeError} If it is not a matrix with at least one row and one column, or has another number of columns.
   * @throws {NonFiniteError} If a value is NaN or infinite; it says in which row and feature.
   */
  update(batch: MatrixInput): void {
    const caller = "CovarianceMatrix.update";
    this.#requireUse(caller);
    const samples = asSamples(caller, batch);
    const moments = this.#momentsFor(caller, samples.features);
    try {
      update(caller, moments, samples);
    } catch (error) {
      if (moments !== this.#moments) moments.dispose();
      throw error;
    }
    this.#moments = moments;
    this.#saved?.push(samples);
  }

  /**
   * The covariance matrix of all samples so far, features × features (Delve's word). More samples may follow.
   *
   * @param options - `center: false` leaves the mean in. `ddof` overrides what was given to `open`.
   * @throws {RangeError} If there are no more than `ddof` samples.
   * @example
   * const matrix = await CovarianceMatrix.open({ ddof: 1 });
   * matrix.update([[1, 2], [3, 4]]);
   * (await matrix.fix()).toArray(); // [[2, 2], [2, 2]]
   * (await matrix.fix({ center: false, ddof: 0 })).toArray(); // [[5, 7], [7, 10]]
   */
  async fix(options: CovarianceOptions = {}): Promise<Matrix> {
    const caller = "CovarianceMatrix.fix";
    checkOptions(caller, options, ["center", "ddof"]);
    const { center = true, ddof = this.#ddof } = options;
    return covarianceOf(await this.#someState(caller), { center, ddof });
  }

  /** Mean of every feature. */
  async mean(): Promise<Float64Array> {
    return mean(await this.#someState("CovarianceMatrix.mean"));
  }

  /** Eigenvalues of the covariance matrix, descending: the variance along each principal axis. */
  async spectrum(): Promise<Float64Array> {
    return this.#spectrum("CovarianceMatrix.spectrum");
  }

  /** Share of the feature directions that carry the variance, as the exported `saturation`. */
  async saturation(options: SaturationOptions = {}): Promise<number> {
    const caller = "CovarianceMatrix.saturation";
    checkSaturationOptions(caller, options);
    return saturation(await this.#spectrum(caller), options.threshold, options.idimRule);
  }

  /** Number of directions that carry the variance, as the exported `intrinsicDimensionality`. */
  async intrinsicDimensionality(options: SaturationOptions = {}): Promise<number> {
    const caller = "CovarianceMatrix.intrinsicDimensionality";
    checkSaturationOptions(caller, options);
    return intrinsicDimensionality(await this.#spectrum(caller), options.threshold, options.idimRule);
  }

  /**
   * Takes in all samples of another one, or of a state, as if they had been given to `update`. The other stays as it is.
   *
   * @throws {ShapeError} If its number of features differs.
   * @example
   * const [a, b] = [await CovarianceMatrix.open(), await CovarianceMatrix.open()];
   * a.update([[1], [2]]);
   * b.update([[3], [6]]);
   * await a.merge(b);
   * await a.mean(); // [3]
   */
  async merge(other: CovarianceMatrix | MomentsState): Promise<void> {
    const caller = "CovarianceMatrix.merge";
    // Nothing is known of the features of one that has seen no batch: it is the unit.
    if (other instanceof CovarianceMatrix && other.#moments === null && !other.#disposed) return;
    const state = other instanceof CovarianceMatrix ? await other.#state(caller) : other;
    this.#requireUse(caller);
    const moments = this.#momentsFor(caller, state.features);
    try {
      moments.merge(state);
    } catch (error) {
      if (moments !== this.#moments) moments.dispose();
      throw error;
    }
    this.#moments = moments;
  }

  /** What has been accumulated, as plain data. */
  async state(): Promise<MomentsState> {
    return this.#state("CovarianceMatrix.state");
  }

  /** The state as bytes, to be stored or sent, with a checksum; `decode` and `decodeState` read them. */
  async encode(): Promise<Uint8Array> {
    return encodeState(await this.#state("CovarianceMatrix.encode"));
  }

  /** Back to no samples; the number of features and the options stay. */
  reset(): void {
    this.#requireUse("CovarianceMatrix.reset");
    this.#moments?.reset();
    this.#saved?.clear();
  }

  /** Frees its memory. Idempotent; any other use afterwards throws a `DisposedError`. */
  dispose(): void {
    this.#disposed = true;
    this.#moments?.dispose();
    this.#moments = null;
    this.#saved?.clear();
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  async #spectrum(caller: string): Promise<Float64Array> {
    return (await spectrumOf(await this.#someState(caller), this.#backend)).clipped;
  }

  async #someState(caller: string): Promise<MomentsState> {
    const state = await this.#state(caller);
    if (state.count === 0) throw new RangeError(`${caller}: needs at least one sample, got 0`);
    return state;
  }

  async #state(caller: string): Promise<MomentsState> {
    this.#requireUse(caller);
    if (this.#moments === null) throw new RangeError(`${caller}: needs at least one sample, got 0`);
    return this.#moments.state();
  }

  #momentsFor(caller: string, features: number): Moments {
    if (this.#moments === null) return this.#backend.createMoments(features);
    if (this.#moments.features === features) return this.#moments;
    throw new ShapeError(
      `${caller}: needs samples of ${this.#moments.features} features as before, got ${features}`,
    );
  }

  #requireUse(caller: string): void {
    if (this.#disposed)
      throw new DisposedError(`${caller}: needs a matrix that is in use, got a disposed one`);
  }
}
