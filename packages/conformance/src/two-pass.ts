import type { SymmetricMatrix } from "@delve/kernel";
import { add, type DoubleDouble, divide, multiply, negate, ZERO } from "./double-double.js";
import type { DenseSamples } from "./samples.js";

/**
 * Covariance of samples by the definition: first the mean, then the mean product of the distances from it, all with
 * 106 bits and rounded once at the end. What every other covariance is measured by.
 *
 * @param center - Without, the second moment about zero.
 */
export function twoPassCovariance(samples: DenseSamples, center = true): SymmetricMatrix {
  const { rows, features: d } = samples;
  const columns = deviations(samples, center);
  const upper = new Float64Array((d * (d + 1)) / 2);
  let p = 0;
  for (let i = 0; i < d; i++) {
    for (let j = i; j < d; j++) {
      let sum = ZERO;
      for (let r = 0; r < rows; r++) sum = add(sum, multiply(columns[i]![r]!, columns[j]![r]!));
      upper[p++] = divide(sum, [rows, 0])[0];
    }
  }
  return { order: d, upper };
}

/** Mean of every feature, rounded once. */
export function twoPassMean(samples: DenseSamples): Float64Array {
  return Float64Array.from({ length: samples.features }, (_, f) => meanOf(column(samples, f))[0]);
}

/** Columns of x − μ, or of x. */
function deviations(samples: DenseSamples, center: boolean): DoubleDouble[][] {
  return Array.from({ length: samples.features }, (_, f) => {
    const values = column(samples, f);
    const minusMean = center ? negate(meanOf(values)) : ZERO;
    return values.map((value) => add(value, minusMean));
  });
}

function column(samples: DenseSamples, feature: number): DoubleDouble[] {
  const { rows, features, data } = samples;
  return Array.from({ length: rows }, (_, r) => [data[r * features + feature]!, 0] as const);
}

function meanOf(values: readonly DoubleDouble[]): DoubleDouble {
  return divide(values.reduce(add, ZERO), [values.length, 0]);
}
