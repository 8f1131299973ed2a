import {
  covmatrixCases,
  eigenvalueBound,
  goldenCovarianceBound,
  isFailure,
  largest,
  metricsCases,
} from "@delve/conformance";
import { describe, expect, test } from "vitest";
import { CovarianceMatrix } from "./covariance-matrix.js";
import { eigvalsh } from "./functions.js";

// What Python Delve gave for the same numbers. Its vae mode has no counterpart here.
describe("beside Python Delve", () => {
  test.each(covmatrixCases().filter(({ vae }) => !vae))(
    "covariance, $id",
    async ({ batches, center, count, covariance }) => {
      const matrix = await CovarianceMatrix.open();
      for (const batch of batches) matrix.update(batch);
      const fixed = await matrix.fix({ center });
      expect(matrix.count).toBe(count);
      expect(isFailure(covariance)).toBe(false);
      const errors = fixed.data.map((value, i) => value - (covariance as Float64Array)[i]!);
      const secondMoment = largest((await matrix.fix({ center: false })).data);
      expect(largest(errors)).toBeLessThanOrEqual(goldenCovarianceBound(Number.EPSILON, secondMoment));
    },
  );

  test.each(metricsCases())("eigenvalues, $id", async ({ covariance, features, eigenvalues, finite }) => {
    const values = eigvalsh({ data: covariance, shape: [features, features] }, { uplo: "U" });
    if (!finite || isFailure(eigenvalues))
      return expect(values).rejects.toThrow(/^eigvalsh: elements must be finite/);
    const bound = 2 * eigenvalueBound(Number.EPSILON, features, largest(eigenvalues));
    expect(largest((await values).map((value, k) => value - eigenvalues[k]!))).toBeLessThanOrEqual(bound);
  });
});
