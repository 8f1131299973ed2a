import { type MomentsState, ShapeError } from "@delve/kernel";
import type { MatrixValue } from "../records.js";
import type { Statistic } from "./statistic.js";

/**
 * Samples in the plane of their first two principal axes: row r is ((x_r − μ)·v₁, (x_r − μ)·v₂). Of a layer with a
 * single feature, the second coordinate is 0.
 *
 * @param samples - n × d, some of those behind the moments.
 * @param state - Moments of all samples, for their mean.
 * @param axes - Unit axes as rows, by falling variance (`Spectrum.axes`).
 * @throws {ShapeError} If they differ in their number of features.
 * @example
 * const samples = { rows: 2, columns: 2, data: Float64Array.of(5, 1, 3, 1) };
 * const state = { features: 2, count: 2, shift: Float64Array.of(4, 1), offset: new Float64Array(2), scatter: Float64Array.of(2, 0, 0) };
 * embedding(samples, state, Float64Array.of(1, 0, 0, 1)); // { rows: 2, columns: 2, data: [1, 0, -1, 0] }
 */
export function embedding(samples: MatrixValue, state: MomentsState, axes: Float64Array): MatrixValue {
  const { features, shift, offset } = state;
  if (samples.columns !== features || axes.length !== features * features) {
    throw new ShapeError(
      `embedding: needs samples and axes of ${features} features, got ${samples.columns} and ${Math.sqrt(axes.length)}`,
    );
  }
  const data = new Float64Array(2 * samples.rows);
  for (let r = 0; r < samples.rows; r++) {
    for (let k = 0; k < Math.min(features, 2); k++) {
      let coordinate = 0;
      for (let f = 0; f < features; f++) {
        const x = samples.data[r * features + f]!;
        // One part of the mean at a time: their rounded sum would cost digits of a small deviation.
        coordinate += (x - shift[f]! - offset[f]!) * axes[k * features + f]!;
      }
      data[2 * r + k] = coordinate;
    }
  }
  return { rows: samples.rows, columns: 2, data };
}

export const embed: Statistic = {
  key: "embed",
  label: "embedded-sample",
  needs: ["vectors", "samples"],
  matrix: true,
  compute: ({ samples, state, spectrum }) => embedding(samples, state, spectrum.axes),
};
