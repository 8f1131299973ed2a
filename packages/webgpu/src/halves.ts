import type { Pool } from "@delve/kernel";
import type { PassResult } from "./combine.js";
import type { PackedRows } from "./packed-rows.js";
import { poolBits } from "./wgsl/gather.js";

/**
 * How the numbers of a row stand for values. Sums of many float32 values need more digits than a float32 has: they come
 * in two halves, as twice as many columns, the leading halves first. A value is the sum of its halves times `scale`.
 */
export interface Halves {
  readonly scale: number;
}

/** In how many columns samples are gathered that are made of many values so; `null` if in as many as they have. */
export function halvesOf(pool: Pool | null): Halves | null {
  return pool?.method === "mean" ? { scale: 2 ** poolBits(pool.count) / pool.count } : null;
}

/**
 * The moments of the values from those of their halves: Σ(h + l)(h + l)ᵀ = Σhhᵀ + Σhlᵀ + Σlhᵀ + Σllᵀ. The bound grows where
 * halves vary more than their sum: where values part by no more than the last digit of a float32. It is infinite where the
 * variance could as well be zero.
 */
export function joinMoments({ state, bound }: PassResult, { scale }: Halves): PassResult {
  const features = state.features / 2;
  const at = (i: number, j: number): number =>
    state.scatter[i * state.features - (i * (i - 1)) / 2 + (j - i)]!;
  const scatter = new Float64Array((features * (features + 1)) / 2);
  let growth = 1;
  for (let i = 0, p = 0; i < features; i++) {
    for (let j = i; j < features; j++, p++) {
      const mixed = at(i, features + j) + at(j, features + i);
      const joined = at(i, j) + (mixed + at(features + i, features + j));
      scatter[p] = (i === j ? Math.max(joined, 0) : joined) * scale * scale;
      if (i !== j) continue;
      const separate = (Math.sqrt(at(i, i)) + Math.sqrt(at(features + i, features + i))) ** 2;
      const least = joined - bound * separate;
      if (separate > 0) growth = Math.max(growth, least > 0 ? separate / least : Number.POSITIVE_INFINITY);
    }
  }
  const { count, shift, offset } = state;
  const shifts = shift.subarray(0, features).map((value) => value * scale);
  const offsets = offset
    .subarray(0, features)
    .map((value, f) => (value + (shift[features + f]! + offset[features + f]!)) * scale);
  return { state: { features, count, shift: shifts, offset: offsets, scatter }, bound: bound * growth };
}

/** The values of rows that are given in halves. */
export function joinRows({ values, count, features: columns }: PackedRows, { scale }: Halves): PackedRows {
  const features = columns / 2;
  const joined = new Float64Array(count * features);
  for (let r = 0, at = 0; r < count; r++) {
    for (let f = r * columns; f < r * columns + features; f++) {
      joined[at++] = (values[f]! + values[f + features]!) * scale;
    }
  }
  return { values: joined, count, features };
}
