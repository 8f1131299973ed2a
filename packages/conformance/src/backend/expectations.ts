import {
  type Backend,
  covariance,
  diagonal,
  type Moments,
  mean,
  type SampleMatrix,
  type SymmetricMatrix,
} from "@delve/kernel";
import { expect } from "vitest";
import { covarianceBound, meanBound } from "../bounds.js";
import { type DenseSamples, sampleMatrix } from "../samples.js";
import { twoPassCovariance, twoPassMean } from "../two-pass.js";

/** Moments of these batches, given to one accumulator in turn; the accumulator is freed after `use`. */
export async function withMoments<T>(
  backend: Backend,
  features: number,
  batches: readonly SampleMatrix[],
  use: (moments: Moments) => Promise<T>,
): Promise<T> {
  const moments = backend.createMoments(features);
  try {
    for (const batch of batches) moments.update(batch);
    return await use(moments);
  } finally {
    moments.dispose();
  }
}

/** Covariance of samples that are given to one accumulator batch by batch. */
export function accumulatedCovariance(
  backend: Backend,
  batches: readonly DenseSamples[],
  single = false,
): Promise<SymmetricMatrix> {
  const views = batches.map((batch) => sampleMatrix(batch, single));
  return withMoments(backend, batches[0]!.features, views, async (moments) =>
    covariance(await moments.state()),
  );
}

/** Mean, count and covariance of an accumulator are those of the samples, up to the stated bounds. */
export async function expectMomentsOf(
  samples: DenseSamples,
  moments: Moments,
  epsilon: number,
): Promise<void> {
  const state = await moments.state();
  expect(state.count).toBe(samples.rows);
  expect(moments.count).toBe(samples.rows);
  const truth = twoPassCovariance(samples);
  expectCovariance(covariance(state), truth, epsilon);
  const means = twoPassMean(samples);
  const variances = diagonal(truth);
  mean(state).forEach((value, f) => {
    expect(Math.abs(value - means[f]!), `error of the mean of feature ${f}`).toBeLessThanOrEqual(
      meanBound(epsilon, means[f]!, variances[f]!),
    );
  });
}

/** Every element within the stated bound of the true covariance. */
export function expectCovariance(actual: SymmetricMatrix, truth: SymmetricMatrix, epsilon: number): void {
  expect(actual.order).toBe(truth.order);
  const variances = diagonal(truth);
  let worst = { ratio: 0, at: "" };
  let p = 0;
  for (let i = 0; i < truth.order; i++) {
    for (let j = i; j < truth.order; j++, p++) {
      const error = Math.abs(actual.upper[p]! - truth.upper[p]!);
      const bound = covarianceBound(epsilon, variances[i]!, variances[j]!);
      // Not (ratio > worst): NaN must not pass.
      if (!(error / bound <= worst.ratio)) worst = { ratio: error / bound, at: `element (${i}, ${j})` };
    }
  }
  expect(worst.ratio, `error of ${worst.at} over its bound`).toBeLessThanOrEqual(1);
}

/** Equal number of eigenvalues, ascending, each within `bound` of its counterpart (H. Weyl, 1912). */
export function expectEigenvalues(actual: Float64Array, truth: Float64Array, bound: number): void {
  expect(actual).toBeInstanceOf(Float64Array);
  expect(actual).toHaveLength(truth.length);
  const ascending = actual.every((value, k) => k === 0 || value >= actual[k - 1]!);
  expect(ascending, `ascending order of ${actual}`).toBe(true);
  let worst = { error: 0, k: 0 };
  actual.forEach((value, k) => {
    const error = Math.abs(value - truth[k]!);
    // Not (error > worst): NaN must not pass.
    if (!(error <= worst.error)) worst = { error, k };
  });
  expect(worst.error, `error of λ${worst.k} = ${truth[worst.k]}`).toBeLessThanOrEqual(bound);
}

/**
 * `action` throws, or its promise is rejected, with an error of this class and message. Backends that queue their
 * work report a bad value late: let `action` end with something that waits for it.
 */
export async function expectRefusal<E extends Error>(
  action: () => unknown,
  errorClass: abstract new (...args: never[]) => E,
  message: RegExp,
): Promise<E> {
  let error: unknown;
  try {
    await action();
  } catch (caught) {
    error = caught;
  }
  expect(error, "the error").toBeInstanceOf(errorClass);
  expect((error as E).message).toMatch(message);
  return error as E;
}
