import {
  type DenseSamples,
  propertyRuns,
  sampleMatrix,
  seededRandom,
  twoPassCovariance,
} from "@delve/conformance";
import { covariance } from "@delve/kernel";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { WebGPUBackend } from "../src/index.js";
import { adversarialSamples, roundedSamples } from "./adversarial.js";
import { normalisedError } from "./normalised-error.js";
import { HARD, hardSamples } from "./samples.js";

/** What a mode says of |ΔC_ij| / √(C_ii C_jj). */
export interface ModePromise {
  /** For any samples. */
  readonly promise: number;
  /** Where no rounding conspires with another. */
  readonly usual: number;
}

/** Error of a covariance, which must not exceed the bound that comes with the state, nor what is promised. */
export type ErrorOf = (samples: DenseSamples, single: boolean) => Promise<number>;

/**
 * Declares the tests of what a mode promises.
 *
 * @param backend - Called when tests run.
 */
export function testPromise(backend: () => WebGPUBackend, { promise, usual }: ModePromise): ErrorOf {
  async function errorOf(samples: DenseSamples, single: boolean): Promise<number> {
    using moments = backend().createMoments(samples.features);
    moments.update(sampleMatrix(samples, single));
    const error = normalisedError(covariance(await moments.state()), twoPassCovariance(samples));
    expect(error).toBeLessThanOrEqual(moments.errorBound);
    expect(moments.errorBound).toBeLessThanOrEqual(promise);
    return error;
  }

  test.each(Object.keys(HARD))("float32 and float64: %s", async (name) => {
    const samples = hardSamples(name, 300, 9, seededRandom(41));
    const error = Math.max(await errorOf(samples, true), await errorOf(samples, false));
    expect(error).toBeLessThanOrEqual(usual);
  });

  test("any number of rows and features, of any distribution", () =>
    fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...Object.keys(HARD)),
        fc.integer({ min: 1, max: 140 }),
        fc.integer({ min: 1, max: 70 }),
        fc.nat(),
        fc.boolean(),
        async (name, rows, features, seed, single) => {
          await errorOf(hardSamples(name, rows, features, seededRandom(seed)), single);
        },
      ),
      { numRuns: propertyRuns(25) },
    ));

  test("samples of any bits", () =>
    fc.assert(
      fc.asyncProperty(adversarialSamples(), fc.boolean(), async (samples, single) => {
        await errorOf(single ? roundedSamples(samples) : samples, single);
      }),
      { numRuns: propertyRuns(60) },
    ));

  return errorOf;
}
