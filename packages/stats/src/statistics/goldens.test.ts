import { isFailure, type MetricsCase, metricsCases } from "@delve/conformance";
import { emptyState, packUpper } from "@delve/kernel";
import { referenceBackend } from "@delve/kernel/reference";
import { describe, expect, test } from "vitest";
import { covarianceDeterminant } from "./covariance-determinant.js";
import { covarianceTrace } from "./covariance-trace.js";
import { diagonalTrace } from "./diagonal-trace.js";
import { intrinsicDimensionality } from "./intrinsic-dimensionality.js";
import { saturation } from "./saturation.js";

const backend = referenceBackend();

/** Where Delve's determinant is that of another matrix, or rests on eigenvalues that are nothing but rounding. */
const NO_DETERMINANT: Readonly<Record<string, string>> = {
  asymmetric_upper_used:
    "Delve takes the determinant of both triangles, which differ, and the eigenvalues of one",
  rot_zeros: "the matrix is singular",
  denormal_sum: "Delve divides subnormal numbers and gets NaN",
  scaled_mixed: "its condition number is 6e15; exact arithmetic gives 1.094, Delve 1.024",
};

// A matrix with NaN or infinity is refused before it gets here.
describe.each(metricsCases().filter(({ finite }) => finite))("Python Delve on $id", (golden: MetricsCase) => {
  const { id, features, covariance, eigenvalues } = golden;
  if (isFailure(eigenvalues) || isFailure(golden.diagonalTrace)) throw new Error(`${id}: Delve raised`);
  const matrix = packUpper(covariance, features);
  const found = backend.eigvalsh(matrix);

  test("intrinsic dimensionality and saturation, by its own rule", () => {
    const certain = golden.thresholds.flatMap((golden) =>
      !isFailure(golden) && (golden.margin === null || golden.margin > 1e-9) ? golden : [],
    );
    expect(certain.length).toBeGreaterThan(0);
    for (const { thresh, idim, lsat } of certain) {
      expect([thresh, intrinsicDimensionality(found, thresh, "delve")]).toEqual([thresh, idim]);
      expect([thresh, saturation(found, thresh, "delve")]).toEqual([thresh, lsat]);
    }
  });

  test("traces", () => {
    const state = { ...emptyState(features), count: 1, scatter: matrix.upper };
    const largest = Math.max(...eigenvalues.map(Math.abs));
    const bound = 8 * features * Number.EPSILON * largest;
    expect(Math.abs(covarianceTrace(state) - golden.trace)).toBeLessThanOrEqual(bound);
    expect(Math.abs(diagonalTrace(found) - (golden.diagonalTrace as number))).toBeLessThanOrEqual(bound);
  });

  test.skipIf(id in NO_DETERMINANT)(
    `determinant${id in NO_DETERMINANT ? `: ${NO_DETERMINANT[id]}` : ""}`,
    () => {
      const determinant = covarianceDeterminant(found);
      // Beyond the range of float64 on both sides.
      if (!Number.isFinite(golden.determinant)) return expect(determinant).toBe(golden.determinant);
      const bound = 1e-9 * Math.abs(golden.determinant);
      expect(Math.abs(determinant - golden.determinant)).toBeLessThanOrEqual(bound);
    },
  );
});
