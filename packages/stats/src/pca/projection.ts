import { type SampleMatrix, ShapeError } from "@delve/kernel";
import type { MatrixValue } from "../records.js";
import { normalSource, type RvsOptions, rvs } from "./rvs.js";

/**
 * A projection onto an affine subspace: x ↦ c + AᵀA(x − c). The centre c lies in it; with a centre of zeros the
 * subspace is a linear one.
 */
export interface Projection {
  readonly features: number;
  /** Dimensions of the subspace. */
  readonly rank: number;
  /** A: its orthonormal axes as rows, rank × features, row-major. */
  readonly axes: Float64Array;
  /** c: `features` values. */
  readonly center: Float64Array;
}

/**
 * The matrix AᵀA of a projection, features × features, row-major: symmetric, idempotent, of trace `rank`.
 *
 * @example
 * projectionMatrix({ features: 2, rank: 1, axes: Float64Array.of(0.6, 0.8), center: Float64Array.of(0, 0) });
 * // [0.36, 0.48, 0.48, 0.64]
 */
export function projectionMatrix({ features: d, rank, axes }: Projection): Float64Array {
  const matrix = new Float64Array(d * d);
  for (let k = 0; k < rank; k++) {
    const axis = axes.subarray(k * d, (k + 1) * d);
    for (let i = 0; i < d; i++) {
      const weight = axis[i]!;
      for (let j = i; j < d; j++) matrix[i * d + j]! += weight * axis[j]!;
    }
  }
  for (let i = 0; i < d; i++) for (let j = 0; j < i; j++) matrix[i * d + j] = matrix[j * d + i]!;
  return matrix;
}

/**
 * Samples where the projection moves them, in all their features, in float64.
 *
 * @throws {ShapeError} If the samples have another number of features.
 * @example
 * const diagonal = { features: 2, rank: 1, axes: Float64Array.of(0.6, 0.8), center: Float64Array.of(1, 0) };
 * const samples = { data: Float64Array.of(6, 0), rows: 1, features: 2, rowStride: 2, featureStride: 1 };
 * project(diagonal, samples).data; // [2.8, 2.4]
 */
export function project(projection: Projection, samples: SampleMatrix): MatrixValue {
  const { features, rank, axes, center } = projection;
  const { rows, data: coordinates } = projectionCoordinates(projection, samples);
  const data = new Float64Array(rows * features);
  for (let r = 0; r < rows; r++) {
    const point = data.subarray(r * features, (r + 1) * features);
    point.set(center);
    for (let k = 0; k < rank; k++) {
      const along = coordinates[r * rank + k]!;
      for (let f = 0; f < features; f++) point[f] = point[f]! + along * axes[k * features + f]!;
    }
  }
  return { rows, columns: features, data };
}

/**
 * Samples by their coordinates A(x − c) along the axes of the subspace, `rank` numbers each, in float64.
 *
 * @throws {ShapeError} If the samples have another number of features.
 * @example
 * const diagonal = { features: 2, rank: 1, axes: Float64Array.of(0.6, 0.8), center: Float64Array.of(1, 0) };
 * const samples = { data: Float64Array.of(6, 0), rows: 1, features: 2, rowStride: 2, featureStride: 1 };
 * projectionCoordinates(diagonal, samples); // { rows: 1, columns: 1, data: [3] }
 */
export function projectionCoordinates(projection: Projection, samples: SampleMatrix): MatrixValue {
  const { features, rank, axes, center } = projection;
  if (samples.features !== features) {
    throw new ShapeError(`projection: needs samples of ${features} features, got ${samples.features}`);
  }
  const { rows } = samples;
  const data = new Float64Array(rows * rank);
  const deviation = new Float64Array(features);
  for (let r = 0; r < rows; r++) {
    readRow(samples, r, deviation);
    for (let f = 0; f < features; f++) deviation[f] = deviation[f]! - center[f]!;
    for (let k = 0; k < rank; k++) {
      let sum = 0;
      for (let f = 0; f < features; f++) sum += deviation[f]! * axes[k * features + f]!;
      data[r * rank + k] = sum;
    }
  }
  return { rows, columns: rank, data };
}

function readRow(samples: SampleMatrix, row: number, into: Float64Array): void {
  const { data, offset = 0, rows, rowStride, featureStride, blockRows = rows, blockStride = 0 } = samples;
  const start = offset + Math.floor(row / blockRows) * blockStride + (row % blockRows) * rowStride;
  for (let f = 0; f < into.length; f++) into[f] = data[start + f * featureStride]!;
}

/**
 * A projection onto a random subspace: the yardstick for one that was chosen by variance.
 *
 * @param center - Zeros when left out.
 * @throws {ShapeError} If there are not between 1 and `features` dimensions.
 * @throws {RangeError} If the seed is not a whole number.
 * @example
 * const { rank, axes } = randomProjection(4, 2, { seed: 1 });
 * [rank, axes.length]; // [2, 8]
 */
export function randomProjection(
  features: number,
  rank: number,
  options: RvsOptions = {},
  center: Float64Array = new Float64Array(features),
): Projection {
  if (!(Number.isSafeInteger(rank) && rank >= 1 && rank <= features)) {
    throw new ShapeError(`randomProjection: needs 1 to ${features} dimensions, got ${rank}`);
  }
  const rotation = rvs(features, { normal: normalSource("randomProjection", options) });
  const axes = new Float64Array(rank * features);
  for (let k = 0; k < rank; k++) {
    for (let f = 0; f < features; f++) axes[k * features + f] = rotation[f * features + k]!;
  }
  return { features, rank, axes, center };
}
