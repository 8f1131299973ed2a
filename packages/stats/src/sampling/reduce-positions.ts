import type { SampleMatrix } from "@delve/kernel";
import type { Grid } from "./layer-output.js";

/** One number for the values of a feature at all positions of a sample. May reorder them. */
export type Reduction = (values: Float64Array) => number;

/**
 * Samples × features, each the reduction of a feature map to one number, in float64.
 *
 * A map that holds a NaN or an infinity yields NaN whatever the reduction, so that a maximum or a median cannot
 * hide it from the check that refuses such a batch.
 */
export function reducePositions(grid: Grid, reduce: Reduction): SampleMatrix {
  const { data, samples, positions, features, sampleStride, positionStride, featureStride } = grid;
  const out = new Float64Array(samples * features);
  const map = new Float64Array(positions);
  for (let s = 0; s < samples; s++) {
    for (let f = 0; f < features; f++) {
      const start = s * sampleStride + f * featureStride;
      let poison = 0;
      for (let p = 0; p < positions; p++) {
        const value = data[start + p * positionStride]!;
        map[p] = value;
        poison += value - value;
      }
      out[s * features + f] = reduce(map) + poison;
    }
  }
  return { data: out, rows: samples, features, rowStride: features, featureStride: 1 };
}

export const mean: Reduction = (values) => {
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
};

export const largest: Reduction = (values) => {
  let most = values[0]!;
  for (const value of values) if (value > most) most = value;
  return most;
};

/** The middle value; of an even number the lower of the two in the middle. */
export const median: Reduction = (values) => values.sort()[(values.length - 1) >> 1]!;
