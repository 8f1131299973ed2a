import { emptyState, type MomentsState } from "@delve/kernel";
import { describe, expect, test } from "vitest";
import { covarianceDeterminant, covarianceLogDeterminant } from "./covariance-determinant.js";
import { covarianceMatrix } from "./covariance-matrix.js";
import { covarianceTrace } from "./covariance-trace.js";
import { diagonalTrace } from "./diagonal-trace.js";
import { intrinsicDimensionality } from "./intrinsic-dimensionality.js";
import { resolveStatistics, STATISTICS } from "./registry.js";
import { saturation } from "./saturation.js";
import type { Statistic } from "./statistic.js";

const equal = (count: number, value = 1): number[] => Array.from({ length: count }, () => value);

describe("intrinsicDimensionality", () => {
  test.each([
    [[8, 4, 2, 1, 1], 0.5, 1],
    [[8, 4, 2, 1, 1], 0.50001, 2],
    [[8, 4, 2, 1, 1], 0.75, 2],
    [[8, 4, 2, 1, 1], 0.99, 5],
    [[1, 2, 8, 1, 4], 0.75, 2],
    [[1, 0, 0, 0], 0.99, 1],
    [[7], 0.99, 1],
    [[0, 0, 0], 0.99, 0],
    [[-1, -2], 0.99, 0],
    [[4, -1, -1], 0.99, 1],
    [[1e308, 1e308, 1e308], 0.5, 2],
    [[5e-324, 5e-324, 0], 0.99, 2],
  ])("documented: %j at %d is %d", (eigenvalues, threshold, expected) => {
    expect(intrinsicDimensionality(eigenvalues, threshold)).toBe(expected);
  });

  test.each([
    [[8, 4, 2, 1, 1], 0.5, 0],
    [[8, 4, 2, 1, 1], 0.75, 1],
    [[8, 4, 2, 1, 1], 0.99, 4],
    [[1, 0, 0, 0], 0.99, 0],
    [[7], 0.99, 0],
    [[0, 0, 0], 0.99, 0],
    [[0, 0, 0], 1.5, 0],
    [equal(4), 1.5, 4],
    [[1, 1], -1, 0],
  ])("delve: %j at %d is %d", (eigenvalues, threshold, expected) => {
    expect(intrinsicDimensionality(eigenvalues, threshold, "delve")).toBe(expected);
  });

  // Sums of tenths and thirds miss the threshold by an ulp, up or down; nobody expects that to add a direction.
  test("k of d equal eigenvalues carry the share k/d, whatever rounding does to the sums", () => {
    for (const value of [1, 0.1, 1 / 3, 1e-300, Math.PI]) {
      for (let d = 1; d <= 64; d++) {
        for (let k = 1; k <= d; k++) expect(intrinsicDimensionality(equal(d, value), k / d)).toBe(k);
      }
    }
    expect(intrinsicDimensionality(equal(10, 0.1), 0.7)).toBe(7);
    expect(intrinsicDimensionality(equal(10, 0.1), 0.3)).toBe(3);
  });

  test("what lies beyond rounding counts: the jump is where it should be", () => {
    expect(intrinsicDimensionality([0.75, 0.25], 0.75 + 1e-14)).toBe(2);
    expect(intrinsicDimensionality([0.75, 0.25], 0.75 - 1e-14)).toBe(1);
  });

  test("at threshold 1 it is the numerical rank", () => {
    expect(intrinsicDimensionality([5, 3, 1, 1e-16, -1e-16], 1)).toBe(3);
    expect(intrinsicDimensionality([5, 3, 1, 1e-12, 0], 1)).toBe(4);
  });

  test.each([0, -0.5, 1.0000001, Number.NaN, Infinity])("threshold %d is refused", (threshold) => {
    expect(() => intrinsicDimensionality([1], threshold)).toThrow(/threshold must be in \(0, 1\], got/);
  });

  test("delve takes any finite threshold", () => {
    expect(() => intrinsicDimensionality([1], Infinity, "delve")).toThrow(
      /threshold must be a finite number/,
    );
  });

  test("eigenvalues that are no numbers, or none, are refused", () => {
    expect(() => intrinsicDimensionality([1, Number.NaN])).toThrow("must be finite, got NaN at 1");
    expect(() => intrinsicDimensionality([Infinity])).toThrow(RangeError);
    expect(() => intrinsicDimensionality([])).toThrow("at least one eigenvalue");
  });

  test("the eigenvalues handed in stay as they are", () => {
    const eigenvalues = Float64Array.of(1, -3, 2);
    intrinsicDimensionality(eigenvalues);
    expect(eigenvalues).toEqual(Float64Array.of(1, -3, 2));
  });
});

test("saturation is a share of all features", () => {
  expect(saturation([4, 4, 2, 0], 0.9)).toBe(0.75);
  expect(saturation([4, 4, 2, 0], 0.9, "delve")).toBe(0.5);
  expect(saturation([0, 0])).toBe(0);
});

describe("determinants", () => {
  test("product of the eigenvalues, with its sign", () => {
    expect(covarianceDeterminant([4, 2, 1])).toBe(8);
    expect(covarianceDeterminant([4, 2, 0])).toBe(0);
    expect(covarianceDeterminant([4, -2])).toBe(-8);
  });

  test("no overflow or underflow on the way", () => {
    expect(covarianceDeterminant([1e300, 1e300, 1e-300, 1e-300])).toBeCloseTo(1, 10);
    expect(covarianceDeterminant([1e-300, 1e-300, 1e300, 1e300, 3])).toBeCloseTo(3, 10);
    expect(covarianceDeterminant(equal(512, 1e-3))).toBe(0);
    expect(covarianceDeterminant(equal(512, 1e3))).toBe(Infinity);
  });

  test("the logarithm goes on where the product ends", () => {
    expect(covarianceLogDeterminant(equal(512, 1e-3))).toBeCloseTo(512 * Math.log(1e-3), 9);
    expect(covarianceLogDeterminant([1, 0])).toBe(-Infinity);
    expect(covarianceLogDeterminant([1, -1e-20])).toBe(-Infinity);
  });
});

describe("of the moments", () => {
  const state: MomentsState = { ...emptyState(3), count: 2, scatter: Float64Array.of(2, 4, 6, 8, 10, 12) };

  test("covariance matrix", () => {
    expect(covarianceMatrix(state)).toEqual({
      rows: 3,
      columns: 3,
      data: Float64Array.of(1, 2, 3, 2, 4, 5, 3, 5, 6),
    });
  });

  test("traces", () => {
    expect(covarianceTrace(state)).toBe(11);
    expect(diagonalTrace([9, 3, -1])).toBe(12);
  });

  test("no samples, no covariance", () => {
    expect(() => covarianceMatrix(emptyState(3))).toThrow(/at least one sample/);
    expect(() => covarianceTrace(emptyState(3))).toThrow(/at least one sample/);
  });
});

describe("resolveStatistics", () => {
  const own: Statistic = {
    key: "own",
    label: "my-own",
    needs: ["moments"],
    compute: ({ state }) => state.count,
  };

  test("keys and own statistics, in the order of the list, each once", () => {
    const keys = resolveStatistics(["trc", own, "lsat", "trc", "lsat_train", "lsat_eval"]).map(
      ({ key }) => key,
    );
    expect(keys).toEqual(["trc", "own", "lsat"]);
  });

  test("labels are Delve's", () => {
    const labels = Object.fromEntries(STATISTICS.map(({ key, label }) => [key, label]));
    expect(labels).toMatchObject({
      idim: "intrinsic-dimensionality",
      lsat: "saturation",
      cov: "covariance-matrix",
      det: "covariance-determinant",
      trc: "covariance-trace",
      dtrc: "diagonal-trace",
    });
  });

  test.each<[unknown, RegExp]>([
    [["lsatt"], /must be one of .*"lsat".*did you mean "lsat"\?/],
    [["lsat_eval"], /got "lsat_eval"/],
    ["lsat", /must be a list such as \["lsat", "idim"\], got "lsat"/],
    [[{ key: "x" }], /must have key, label, needs and compute/],
    [[{ ...own, key: "lsat" }, "lsat"], /two for "lsat"/],
  ])("%j is refused", (stats, message) => {
    expect(() => resolveStatistics(stats as string[])).toThrow(message);
  });
});
