import { describe, expect, test } from "vitest";
import { ShapeError } from "./errors.js";
import {
  addOuterProduct,
  diagonal,
  packedLength,
  packUpper,
  type SymmetricMatrix,
  trace,
  unpackUpper,
} from "./symmetric-matrix.js";

const matrix: SymmetricMatrix = { order: 3, upper: Float64Array.of(1, 2, 3, 4, 5, 6) };
const dense = [1, 2, 3, 2, 4, 5, 3, 5, 6];

describe("packed triangle", () => {
  test("holds order·(order + 1)/2 elements", () => {
    expect([1, 2, 3, 100].map(packedLength)).toEqual([1, 3, 6, 5050]);
  });

  test("unpacks into both triangles and packs back", () => {
    expect(unpackUpper(matrix)).toEqual(Float64Array.from(dense));
    expect(packUpper(unpackUpper(matrix), 3)).toEqual(matrix);
  });

  test("is packed from the upper triangle alone", () => {
    const lowerIsGarbage = [1, 2, 3, Number.NaN, 4, 5, 99, -99, 6];
    expect(packUpper(lowerIsGarbage, 3)).toEqual(matrix);
  });

  test("packs a matrix of order 1", () => {
    expect(packUpper([7], 1)).toEqual({ order: 1, upper: Float64Array.of(7) });
  });

  test.each([0, -1, 1.5, Number.NaN])("refuses order %s", (order) => {
    expect(() => packUpper(dense, order)).toThrow(ShapeError);
    expect(() => packUpper(dense, order)).toThrow(
      `packUpper: order must be a positive integer, got ${order}`,
    );
  });

  test("refuses another number of elements", () => {
    expect(() => packUpper(dense, 2)).toThrow("packUpper: needs 2 × 2 elements, got 9");
  });
});

describe("diagonal and trace", () => {
  test("of a matrix", () => {
    expect(diagonal(matrix)).toEqual(Float64Array.of(1, 4, 6));
    expect(trace(matrix)).toBe(11);
  });

  test("of order 1", () => {
    expect(trace({ order: 1, upper: Float64Array.of(-2) })).toBe(-2);
  });
});

test("addOuterProduct adds a weighted x xᵀ", () => {
  const upper = matrix.upper.slice();
  addOuterProduct(upper, Float64Array.of(1, 0, -2), 10);
  expect(upper).toEqual(Float64Array.of(11, 2, -17, 4, 5, 46));
});
