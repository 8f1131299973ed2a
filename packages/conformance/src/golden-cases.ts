import { covariance, NonFiniteError, packUpper } from "@delve/kernel";
import { expect } from "vitest";
import { expectEigenvalues, expectRefusal, withMoments } from "./backend/expectations.js";
import { eigenvalueBound, goldenCovarianceBound } from "./bounds.js";
import type { CaseGroup, ConformanceCase } from "./conformance-case.js";
import { type CovmatrixCase, covmatrixCases, isFailure, type MetricsCase, metricsCases } from "./fixtures.js";
import { largest } from "./matrices.js";
import { type DenseSamples, sampleMatrix } from "./samples.js";
import { twoPassCovariance } from "./two-pass.js";

/** What Python's Delve computed, case by case. */
export function goldenCases(): CaseGroup[] {
  return [
    { title: "metrics", cases: metricsCases().map(eigenvaluesOf) },
    { title: "covmatrix", cases: covmatrixCases().map(covarianceOf) },
  ];
}

function eigenvaluesOf(golden: MetricsCase): ConformanceCase {
  const { id, features, finite, eigenvalues } = golden;
  const matrix = packUpper(golden.covariance, features);
  if (!finite || isFailure(eigenvalues)) {
    return {
      name: `eigenvalues: ${id} is refused`,
      async run({ backend }) {
        await expectRefusal(() => backend.eigvalsh(matrix), NonFiniteError, /^eigvalsh: /);
        await expectRefusal(() => backend.eigh(matrix), NonFiniteError, /^eigh: /);
      },
    };
  }
  return {
    name: `eigenvalues: ${id}`,
    async run({ backend }) {
      // Each of the two solvers may be off by the bound.
      const bound = 2 * eigenvalueBound(backend.epsilon, features, largest(eigenvalues));
      expectEigenvalues(await backend.eigvalsh(matrix), eigenvalues, bound);
      expectEigenvalues((await backend.eigh(matrix)).values, eigenvalues, bound);
    },
  };
}

function covarianceOf(golden: CovmatrixCase): ConformanceCase {
  return {
    name: `covariance: ${golden.id}`,
    async run({ backend }) {
      if (isFailure(golden.covariance)) throw new Error(`Delve raised: ${golden.covariance.error.message}`);
      const all = allRows(golden);
      const truth = packUpper(golden.covariance, all.features);
      const single = golden.batches.every(({ dtype }) => dtype === "<f4");
      const batches = golden.batches.map(({ shape, data }) =>
        sampleMatrix({ rows: shape[0]!, features: shape[1]!, data: Float64Array.from(data) }, single),
      );
      const state = await withMoments(backend, all.features, batches, async (moments) => moments.state());
      expect(state.count).toBe(golden.count);
      const actual = covariance(state, { center: golden.center });
      const errors = actual.upper.map((value, p) => Math.abs(value - truth.upper[p]!));
      const secondMoment = largest(twoPassCovariance(all, false).upper);
      expect(largest(errors)).toBeLessThanOrEqual(goldenCovarianceBound(backend.epsilon, secondMoment));
    },
  };
}

function allRows(golden: CovmatrixCase): DenseSamples {
  const data = Float64Array.from(golden.batches.flatMap((batch) => Array.from(batch.data)));
  const features = golden.batches[0]!.shape[1]!;
  return { rows: data.length / features, features, data };
}
