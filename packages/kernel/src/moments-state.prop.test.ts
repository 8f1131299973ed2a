import { type DenseSamples, permutations, samplesArbitrary, twoPassCovariance } from "@delve/conformance";
import { test } from "@fast-check/vitest";
import fc from "fast-check";
import { expect } from "vitest";
import { covariance, type MomentsState, mergeStates } from "./moments-state.js";
import { packedLength, type SymmetricMatrix } from "./symmetric-matrix.js";

/** Every row as a state of its own. */
function rowStates({ rows, features, data }: DenseSamples): MomentsState[] {
  return Array.from({ length: rows }, (_, r) => ({
    features,
    count: 1,
    shift: data.slice(r * features, (r + 1) * features),
    offset: new Float64Array(features),
    scatter: new Float64Array(packedLength(features)),
  }));
}

/** Merges neighbours in the order that `picks` say, until one state is left. */
function mergeInAnyTree(states: MomentsState[], picks: number[]): MomentsState {
  const left = [...states];
  for (let k = 0; left.length > 1; k++) {
    const at = picks[k % picks.length]! % (left.length - 1);
    left.splice(at, 2, mergeStates(left[at]!, left[at + 1]!));
  }
  return left[0]!;
}

/** Largest error over √(C_ii C_jj), in units of 2^−52. */
function relativeError(actual: SymmetricMatrix, truth: SymmetricMatrix): number {
  let worst = 0;
  const variance = (f: number) => truth.upper[packedLength(truth.order) - packedLength(truth.order - f)]!;
  for (let i = 0, p = 0; i < truth.order; i++) {
    for (let j = i; j < truth.order; j++, p++) {
      const error = Math.abs(actual.upper[p]! - truth.upper[p]!);
      if (error > 0) worst = Math.max(worst, error / Math.sqrt(variance(i) * variance(j)));
    }
  }
  return worst / Number.EPSILON;
}

const samples = samplesArbitrary({ maxRows: 30, maxFeatures: 5 });

test.prop([
  samples.chain((s) => permutations(s.rows).map((order) => ({ s, order }))),
  fc.array(fc.nat(), { minLength: 1, maxLength: 30 }),
])("any order and any tree of merges gives the covariance of all samples", ({ s, order }, picks) => {
  const states = rowStates(s);
  const merged = mergeInAnyTree(
    order.map((k) => states[k]!),
    picks,
  );
  expect(merged.count).toBe(s.rows);
  expect(relativeError(covariance(merged), twoPassCovariance(s))).toBeLessThan(50);
});

test.prop([samples, fc.integer({ min: -(2 ** 20), max: 2 ** 20 })])(
  "the same where the mean is 1e8 standard deviations",
  (s, shift) => {
    const far = { ...s, data: s.data.map((x) => x / 1e4 + shift * 1e4) };
    const merged = rowStates(far).reduce(mergeStates);
    expect(relativeError(covariance(merged), twoPassCovariance(far))).toBeLessThan(50);
  },
);

test.prop([samples])("the uncentred moment is the mean of x xᵀ", (s) => {
  const merged = rowStates(s).reduce(mergeStates);
  const actual = covariance(merged, { center: false });
  expect(relativeError(actual, twoPassCovariance(s, false))).toBeLessThan(50);
});
