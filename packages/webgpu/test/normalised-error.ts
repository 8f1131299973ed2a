import type { SymmetricMatrix } from "@delve/kernel";

/** Largest |ΔC_ij| / √(C_ii C_jj) of a covariance; NaN or infinite where something is wrong that should be zero. */
export function normalisedError(actual: SymmetricMatrix, truth: SymmetricMatrix): number {
  const { order, upper } = truth;
  const at = (i: number, j: number) => i * order - (i * (i - 1)) / 2 + (j - i);
  const deviation = Float64Array.from({ length: order }, (_, i) => Math.sqrt(upper[at(i, i)]!));
  let worst = 0;
  for (let i = 0; i < order; i++) {
    for (let j = i; j < order; j++) {
      const error = Math.abs(actual.upper[at(i, j)]! - upper[at(i, j)]!);
      // Not (error > 0): NaN must not pass.
      if (error !== 0) worst = Math.max(worst, error / deviation[i]! / deviation[j]!);
    }
  }
  return worst;
}
