import { type MomentsState, mean, ShapeError } from "@delve/kernel";
import { show } from "../names.js";
import type { Spectrum } from "../spectrum.js";
import type { Projection } from "./projection.js";
import { type PcaRule, pcaRank } from "./rank.js";

/** Which principal subspace. */
export interface PrincipalOptions {
  /** Share of the variance to keep, in (0, 1]; see `pcaRank`. 0.99 when left out. */
  readonly threshold?: number | undefined;
  /** Dimensions to keep instead, whatever their share. */
  readonly rank?: number | undefined;
  /** Through the mean (default), or, without, through zero. */
  readonly affine?: boolean | undefined;
  /** How dimensions are counted; `steady` when left out. */
  readonly rule?: PcaRule | undefined;
}

/**
 * The projection onto the axes of most variance.
 *
 * @param state - Of the samples.
 * @param spectrum - Of the same, with vectors.
 * @throws {RangeError} If the threshold lies outside (0, 1], or there are no samples.
 * @throws {ShapeError} If `rank` is not between 1 and the number of features.
 * @example
 * import { referenceBackend } from "@delve/kernel/reference";
 *
 * const backend = referenceBackend();
 * const moments = backend.createMoments(2);
 * moments.update({ data: Float64Array.of(0, 1, 4, 1, 8, 1), rows: 3, features: 2, rowStride: 2, featureStride: 1 });
 * const state = moments.state();
 * const { rank, axes, center } = principalProjection(state, spectrumOf(state, backend, { vectors: true }));
 * [rank, ...axes, ...center]; // [1, 1, 0, 4, 1]
 */
export function principalProjection(
  state: MomentsState,
  spectrum: Spectrum,
  { threshold = 0.99, rank, affine = true, rule }: PrincipalOptions = {},
): Projection {
  const { features } = state;
  if (rank !== undefined && !(Number.isSafeInteger(rank) && rank >= 1 && rank <= features)) {
    throw new ShapeError(`principalProjection: rank must be from 1 to ${features}, got ${show(rank)}`);
  }
  const kept = rank ?? pcaRank(spectrum.values, threshold, rule);
  return {
    features,
    rank: kept,
    axes: spectrum.axes.slice(0, kept * features),
    center: affine ? mean(state) : new Float64Array(features),
  };
}
