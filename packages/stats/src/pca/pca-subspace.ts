import {
  decodeState,
  emptyState,
  encodeState,
  type SampleMatrix,
  StateFormatError,
  type SyncBackend,
  type SyncMoments,
} from "@delve/kernel";
import { unknownName } from "../names.js";
import { type Spectrum, spectrumOf } from "../spectrum.js";
import { decodeProgress, encodeProgress, PROGRESS_LENGTH } from "./pca-progress.js";
import { principalProjection } from "./principal-projection.js";
import { type Projection, randomProjection } from "./projection.js";
import { checkPcaThreshold } from "./rank.js";
import type { RvsOptions } from "./rvs.js";

/**
 * What becomes of the mean.
 *
 * - `keep`: the projection is affine, μ + P(x − μ), so that the mean stays in its place.
 * - `ignore`: it is linear, P x, and its rank is counted in float32, as in Delve 0.1.50, whose PCA layers never set
 *   the mean that they subtract.
 */
export type MeanMode = "keep" | "ignore";

export const MEAN_MODES: readonly MeanMode[] = ["keep", "ignore"];

/** How the subspace is chosen. */
export interface PcaOptions {
  /** Share of the variance to keep, in (0, 1]; 0.99 when left out. See `pcaRank`. */
  readonly threshold?: number | undefined;
  /**
   * Principal axes of the covariance (default); without, of the second moment about zero, which span a linear
   * subspace.
   */
  readonly centering?: boolean | undefined;
  /** `keep` when left out. Of no effect without centering. */
  readonly mean?: MeanMode | undefined;
}

/**
 * The subspace that carries most of the variance of the samples seen: what stands behind a PCA layer of any
 * framework.
 *
 * `update` accumulates samples, `projection` is that of the samples so far, and `close` ends the set: the next
 * `update` begins another one. So each set can be that of one epoch.
 *
 * @example
 * import { referenceBackend } from "@delve/kernel/reference";
 *
 * const pca = new PcaSubspace(referenceBackend(), 2, { threshold: 0.9 });
 * pca.update({ data: Float64Array.of(0, 1, 4, 1, 8, 1), rows: 3, features: 2, rowStride: 2, featureStride: 1 });
 * const { rank, axes, center } = pca.projection;
 * [rank, ...axes]; // [1, 1, 0]
 * center; // [4, 1]
 * pca.dispose();
 */
export class PcaSubspace implements Disposable {
  readonly features: number;
  readonly #backend: SyncBackend;
  #options: Required<{ [K in keyof PcaOptions]: NonNullable<PcaOptions[K]> }>;
  #moments: SyncMoments | null = null;
  #closed = false;
  #epoch = 0;
  #rank: number;
  #spectrum: Spectrum | null = null;
  #projection: Projection | null = null;

  /**
   * @throws {RangeError} If an option is out of range.
   */
  constructor(backend: SyncBackend, features: number, options: PcaOptions = {}) {
    const { threshold = 0.99, centering = true, mean = "keep" } = options;
    checkPcaThreshold("PcaSubspace", threshold);
    if (!MEAN_MODES.includes(mean)) throw unknownName("PcaSubspace: mean", mean, MEAN_MODES);
    this.#backend = backend;
    this.#options = { threshold, centering, mean };
    this.features = features;
    this.#rank = features;
  }

  /** Samples that the projection rests on, or will. */
  get count(): number {
    return this.#moments?.count ?? 0;
  }

  /** How many sets of samples have been closed. */
  get epoch(): number {
    return this.#epoch;
  }

  /** Whether the set of samples is complete: the next ones begin another. */
  get isClosed(): boolean {
    return this.#closed;
  }

  /** Dimensions that the projection looked at last leaves; all of them before there are samples. */
  get rank(): number {
    return this.#rank;
  }

  /** Whether the projection is affine rather than linear. */
  get isAffine(): boolean {
    return this.#options.centering && this.#options.mean === "keep";
  }

  get threshold(): number {
    return this.#options.threshold;
  }

  /** Takes effect with the next look at `projection`, which need not decompose again. */
  set threshold(threshold: number) {
    checkPcaThreshold("PcaSubspace.threshold", threshold);
    this.#options = { ...this.#options, threshold };
    this.#projection = null;
  }

  get centering(): boolean {
    return this.#options.centering;
  }

  /** Takes effect with the next look at `projection`, for the samples seen so far. */
  set centering(centering: boolean) {
    this.#options = { ...this.#options, centering };
    this.#spectrum = null;
    this.#projection = null;
  }

  /**
   * Takes in samples; the first ones after `close` begin a new set. A batch that is refused, or empty, changes
   * nothing.
   *
   * @throws {ShapeError} If they have another number of features.
   * @throws {NonFiniteError} If a value is NaN, infinite or above 1e150.
   */
  update(samples: SampleMatrix): void {
    if (samples.rows === 0) return;
    if (this.#moments === null || this.#closed) {
      this.#begin(this.#momentsOf((moments) => moments.update(samples)));
      this.#closed = false;
      return;
    }
    this.#moments.update(samples);
    this.#spectrum = null;
    this.#projection = null;
  }

  /** Ends the set of samples; without samples there is none to end. */
  close(): void {
    if (this.#closed || this.#moments === null) return;
    this.#closed = true;
    this.#epoch++;
  }

  /**
   * The projection of the samples seen, computed if need be.
   *
   * @throws {RangeError} If there are no samples.
   */
  get projection(): Projection {
    this.#projection ??= this.#principal();
    this.#rank = this.#projection.rank;
    return this.#projection;
  }

  /**
   * Puts a random subspace of the same dimensions in the place of the principal one, until the threshold or the
   * centering changes or other samples come.
   *
   * @throws {RangeError} If there are no samples, or the seed is not a whole number.
   */
  injectRandomDirections(options: RvsOptions = {}): Projection {
    const { features, rank, center } = this.projection;
    this.#projection = randomProjection(features, rank, options, center);
    return this.#projection;
  }

  /** Bytes that `encode` gives for a number of features. */
  static encodedLength(features: number): number {
    return PROGRESS_LENGTH + encodeState(emptyState(features)).length;
  }

  /** The samples seen, as moments in float64, and how far things are; `decode` takes up from there. */
  encode(): Uint8Array {
    const state = this.#moments?.state() ?? emptyState(this.features);
    return encodeProgress(this, encodeState(state));
  }

  /**
   * Takes up what `encode` gave, in the place of what has been seen; options stay as they are. Random directions
   * are not among it.
   *
   * @throws {StateFormatError} If the bytes are none that `encode` gave for as many features.
   */
  decode(bytes: Uint8Array): void {
    const { progress, rest } = decodeProgress(bytes, this.features);
    const state = decodeState(rest);
    if (state.features !== this.features) {
      const message = `PcaSubspace.decode: needs a state of ${this.features} features, got ${state.features}`;
      throw new StateFormatError(message, "content");
    }
    this.#begin(state.count === 0 ? null : this.#momentsOf((moments) => moments.merge(state)));
    this.#closed = progress.isClosed;
    this.#epoch = progress.epoch;
    this.#rank = progress.rank;
  }

  /** Frees its memory; it may be used again, from no samples on. */
  dispose(): void {
    this.#begin(null);
    this.#closed = false;
    this.#epoch = 0;
    this.#rank = this.features;
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  /** Moments filled by `fill`, or freed if it throws. */
  #momentsOf(fill: (moments: SyncMoments) => void): SyncMoments {
    const moments = this.#backend.createMoments(this.features);
    try {
      fill(moments);
      return moments;
    } catch (error) {
      moments.dispose();
      throw error;
    }
  }

  #begin(moments: SyncMoments | null): void {
    this.#moments?.dispose();
    this.#moments = moments;
    this.#spectrum = null;
    this.#projection = null;
  }

  #principal(): Projection {
    const state = this.#moments?.state();
    if (state === undefined) {
      throw new RangeError("PcaSubspace.projection: needs at least one sample, got 0");
    }
    const { threshold, centering, mean } = this.#options;
    this.#spectrum ??= spectrumOf(state, this.#backend, { vectors: true, center: centering });
    const rule = mean === "ignore" ? "delve" : "steady";
    return principalProjection(state, this.#spectrum, { threshold, rule, affine: this.isAffine });
  }
}
