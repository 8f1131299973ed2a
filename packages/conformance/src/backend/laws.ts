import { covariance, type MomentsState, mergeStates, trace, unpackUpper } from "@delve/kernel";
import fc from "fast-check";
import { expect } from "vitest";
import { dyadics, permutations, samplesArbitrary, splitsOf } from "../arbitraries.js";
import { eigenvalueBound, spectrumBound } from "../bounds.js";
import type { CaseGroup, ConformanceCase, Subject } from "../conformance-case.js";
import { largest, permuteSymmetric } from "../matrices.js";
import { propertyRuns } from "../property-runs.js";
import { type DenseSamples, denseSamples, sampleMatrix } from "../samples.js";
import { twoPassCovariance } from "../two-pass.js";
import {
  accumulatedCovariance,
  expectCovariance,
  expectEigenvalues,
  expectMomentsOf,
  withMoments,
} from "./expectations.js";

/** What is true of any samples whatever. */
export function laws(): CaseGroup {
  return { title: "laws", cases: [...invariances, ...featureLaws, ...spectrumLaws] };
}

const RUNS = { numRuns: propertyRuns(40) };

/** A law as a case; the seed of a counterexample is printed with it. */
function law<T>(
  name: string,
  arbitrary: fc.Arbitrary<T>,
  holds: (value: T, subject: Subject) => Promise<void>,
): ConformanceCase {
  return {
    name,
    run: (subject) =>
      fc.assert(
        fc.asyncProperty(arbitrary, (value) => holds(value, subject)),
        RUNS,
      ),
  };
}

const split = samplesArbitrary().chain((samples) =>
  splitsOf(samples).map((batches) => ({ samples, batches })),
);

const invariances: ConformanceCase[] = [
  law("how rows are split into batches does not matter", split, async ({ samples, batches }, { backend }) => {
    const views = batches.map((batch) => sampleMatrix(batch));
    await withMoments(backend, samples.features, views, (moments) =>
      expectMomentsOf(samples, moments, backend.epsilon),
    );
  }),
  law(
    "the order in which states are merged does not matter",
    split.chain(({ samples, batches }) =>
      permutations(batches.length).map((order) => ({ samples, batches: order.map((k) => batches[k]!) })),
    ),
    async ({ samples, batches }, { backend }) => {
      const states: MomentsState[] = [];
      for (const batch of batches) {
        states.push(
          await withMoments(backend, samples.features, [sampleMatrix(batch)], async (part) => part.state()),
        );
      }
      const truth = twoPassCovariance(samples);
      expectCovariance(covariance(states.reduce(mergeStates)), truth, backend.epsilon);
      await withMoments(backend, samples.features, [], async (moments) => {
        for (const state of states) moments.merge(state);
        await expectMomentsOf(samples, moments, backend.epsilon);
      });
    },
  ),
  law(
    "shifting the samples leaves the covariance",
    fc.tuple(samplesArbitrary({}, dyadics()), fc.integer({ min: -(2 ** 40), max: 2 ** 40 })),
    async ([samples, shift], { backend }) => {
      const shifted = mapSamples(samples, (x, f) => x + (f % 2 === 0 ? shift : -shift));
      const actual = await accumulatedCovariance(backend, [shifted]);
      expectCovariance(actual, twoPassCovariance(samples), backend.epsilon);
    },
  ),
  law(
    "scaling the samples scales the covariance by the square",
    fc.tuple(samplesArbitrary(), fc.integer({ min: -120, max: 120 })),
    async ([samples, exponent], { backend }) => {
      const actual = await accumulatedCovariance(backend, [mapSamples(samples, (x) => x * 2 ** exponent)]);
      const { order, upper } = twoPassCovariance(samples);
      const scaled = { order, upper: upper.map((value) => value * 4 ** exponent) };
      expectCovariance(actual, scaled, backend.epsilon);
    },
  ),
];

const featureLaws: ConformanceCase[] = [
  law(
    "permuting the features permutes the covariance",
    samplesArbitrary().chain((samples) =>
      permutations(samples.features).map((order) => ({ samples, order })),
    ),
    async ({ samples, order }, { backend }) => {
      const { rows, features, data } = samples;
      const permuted = denseSamples(rows, features, (r, f) => data[r * features + order[f]!]!);
      const actual = await accumulatedCovariance(backend, [permuted]);
      expectCovariance(actual, permuteSymmetric(twoPassCovariance(samples), order), backend.epsilon);
    },
  ),
  law(
    "a constant feature adds one zero eigenvalue and nothing else",
    fc.tuple(split, fc.nat({ max: 6 }), fc.double({ noNaN: true, min: -1e10, max: 1e10 })),
    async ([{ samples, batches }, place, constant], { backend }) => {
      const at = Math.min(place, samples.features);
      const widened = batches.map((batch) => insertFeature(batch, at, constant));
      const actual = await accumulatedCovariance(backend, widened);
      const { order } = actual;
      // Exactly zero: relative to the constant itself, nothing is left to round.
      const dense = unpackUpper(actual);
      expect(dense.slice(at * order, (at + 1) * order).every((value) => value === 0)).toBe(true);
      const others = await backend.eigvalsh(twoPassCovariance(samples));
      const truth = Float64Array.of(0, ...others).sort();
      const bound = spectrumBound(backend.epsilon, order, largest(others));
      expectEigenvalues(await backend.eigvalsh(actual), truth, bound);
    },
  ),
];

const spectrumLaws: ConformanceCase[] = [
  law(
    "the trace of a covariance is the sum of its eigenvalues",
    samplesArbitrary(),
    async (samples, { backend }) => {
      const matrix = await accumulatedCovariance(backend, [samples]);
      const values = await backend.eigvalsh(matrix);
      const sum = values.reduce((a, b) => a + b, 0);
      const bound = matrix.order * eigenvalueBound(backend.epsilon, matrix.order, largest(values));
      expect(Math.abs(sum - trace(matrix))).toBeLessThanOrEqual(bound);
    },
  ),
  law(
    "a covariance has no negative eigenvalue and at most n − 1 positive ones",
    samplesArbitrary({ maxRows: 6, maxFeatures: 12 }),
    async (samples, { backend }) => {
      const matrix = await accumulatedCovariance(backend, [samples]);
      const values = await backend.eigvalsh(matrix);
      const bound = spectrumBound(backend.epsilon, matrix.order, largest(values));
      expect(values[0]).toBeGreaterThanOrEqual(-bound);
      const zeros = Math.max(0, matrix.order - (samples.rows - 1));
      expect(largest(values.subarray(0, zeros))).toBeLessThanOrEqual(bound);
    },
  ),
];

function mapSamples(samples: DenseSamples, map: (value: number, feature: number) => number): DenseSamples {
  return { ...samples, data: samples.data.map((value, at) => map(value, at % samples.features)) };
}

/** The samples with one more feature, before feature `at`, that is always `constant`. */
function insertFeature({ rows, features, data }: DenseSamples, at: number, constant: number): DenseSamples {
  return denseSamples(rows, features + 1, (r, f) =>
    f === at ? constant : data[r * features + f - (f > at ? 1 : 0)]!,
  );
}
