import type { MomentsState } from "@delve/kernel";

/** What the nodes of `addMoments` give for one batch. */
export interface GraphMoments {
  /** Number of samples n. */
  readonly count: number;
  /** Provisional mean s, d values. */
  readonly shift: Float64Array;
  /** Σ(x − s), d values. */
  readonly sum: Float64Array;
  /** Σ(x − s)(x − s)ᵀ, row-major, d × d. */
  readonly gram: Float64Array;
}

/**
 * The state of a batch whose moments about a provisional mean are known: offset = Σ(x − s)/n and scatter =
 * Σ(x − s)(x − s)ᵀ − n·offset·offsetᵀ. The provisional mean is the batch's own, up to a rounding of its size, so
 * that what is subtracted is next to nothing. A value that was not finite makes the state so, and it is refused.
 *
 * @example
 * const state = momentsStateOf({
 *   count: 2, shift: Float64Array.of(1, 2), sum: Float64Array.of(2, 0), gram: Float64Array.of(4, 2, 2, 2),
 * });
 * state.offset; // Float64Array [1, 0]
 * state.scatter; // Float64Array [2, 2, 2]
 */
export function momentsStateOf({ count, shift, sum, gram }: GraphMoments): MomentsState {
  const features = shift.length;
  const offset = sum.map((value) => value / count);
  const scatter = new Float64Array((features * (features + 1)) / 2);
  for (let i = 0, p = 0; i < features; i++) {
    for (let j = i; j < features; j++, p++) scatter[p] = gram[i * features + j]! - sum[i]! * offset[j]!;
  }
  return { features, count, shift: shift.slice(), offset, scatter };
}
