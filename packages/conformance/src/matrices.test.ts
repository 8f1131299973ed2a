import { expect, test } from "vitest";
import {
  departureFromOrthogonality,
  exponentOf,
  permuteSymmetric,
  residual,
  symmetricMatrix,
  timesPowerOfTwo,
} from "./matrices.js";

const matrix = { order: 2, upper: Float64Array.of(2, 1, 2) };
const h = Math.SQRT1_2;
const pairs = { values: Float64Array.of(1, 3), vectors: Float64Array.of(h, h, -h, h) };

test("symmetricMatrix asks for the upper triangle", () => {
  expect(symmetricMatrix(3, (i, j) => 10 * i + j).upper).toEqual(Float64Array.of(0, 1, 2, 11, 12, 22));
});

test("permuteSymmetric moves rows and columns alike", () => {
  const a = symmetricMatrix(3, (i, j) => 10 * i + j);
  expect(permuteSymmetric(a, [2, 0, 1]).upper).toEqual(Float64Array.of(22, 2, 12, 0, 1, 11));
});

test("residual is A V − V Λ, in units of a power of two", () => {
  expect(residual(matrix, pairs, 0)).toBeLessThan(1e-15);
  const wrong = { ...pairs, values: Float64Array.of(1, 3.5) };
  expect(residual(matrix, wrong, 0)).toBeCloseTo(0.5 * h, 12);
  expect(residual(matrix, wrong, 1)).toBeCloseTo(0.25 * h, 12);
});

test("departureFromOrthogonality is VᵀV − I", () => {
  expect(departureFromOrthogonality(pairs.vectors, 2)).toBeLessThan(1e-15);
  expect(departureFromOrthogonality(Float64Array.of(1, 0.25, 0, 1), 2)).toBe(0.25);
  expect(departureFromOrthogonality(Float64Array.of(2, 0, 0, 1), 2)).toBe(3);
});

test("powers of two beyond the range of float64", () => {
  expect(timesPowerOfTwo(Number.MIN_VALUE, 1074)).toBe(1);
  expect(timesPowerOfTwo(1, -1074)).toBe(Number.MIN_VALUE);
  expect(exponentOf({ order: 1, upper: Float64Array.of(-Number.MIN_VALUE) })).toBe(-1074);
  expect(exponentOf({ order: 1, upper: Float64Array.of(0) })).toBe(0);
});
