import { describe, expect, it } from "vitest";
import { NonFiniteError, ShapeError } from "./errors.js";
import type { SampleMatrix } from "./sample-matrix.js";
import { checkFeatures, checkFinite, checkSamples, checkState, checkSymmetric } from "./validate.js";

const batch = { data: new Float64Array(6), rows: 3, features: 2, rowStride: 2, featureStride: 1 };

function refusal(call: () => unknown): string {
  try {
    call();
  } catch (error) {
    expect(error).toBeInstanceOf(ShapeError);
    return (error as Error).message;
  }
  return "accepted";
}

describe("checkSamples", () => {
  it.each<[string, Partial<SampleMatrix> | { data: unknown }, string]>([
    ["other data", { data: [1, 2] }, "data must be a Float32Array or a Float64Array, got Array"],
    ["no data", { data: null }, "data must be a Float32Array or a Float64Array, got null"],
    ["other features", { features: 3 }, "needs samples of 2 features, got 3"],
    ["rows that are none", { rows: -1 }, "rows must be an integer of at least 0, got -1"],
    ["a fractional stride", { rowStride: 1.5 }, "rowStride must be an integer, got 1.5"],
    [
      "a stride that is no number",
      { featureStride: Number.NaN },
      "featureStride must be an integer, got NaN",
    ],
    ["empty blocks", { blockRows: 0, blockStride: 1 }, "blockRows must be a positive integer, got 0"],
    ["half a block", { blockRows: 2 }, "blockRows must come with a blockStride, got blockRows 2 alone"],
    ["too many rows", { rows: 4 }, "the view must lie inside its data of 6 values, got indices 0 to 7"],
    [
      "a start too early",
      { rowStride: -2 },
      "the view must lie inside its data of 6 values, got indices -4 to 1",
    ],
    ["a start too late", { offset: 1 }, "the view must lie inside its data of 6 values, got indices 1 to 6"],
  ])("refuses %s", (_, change, expected) => {
    const message = refusal(() => checkSamples("update", { ...batch, ...change } as SampleMatrix, 2));
    expect(message).toBe(`update: ${expected}`);
  });

  it("fills in defaults", () => {
    expect(checkSamples("update", batch, 2)).toEqual({ ...batch, offset: 0, blockRows: 3, blockStride: 0 });
  });

  it("takes reversed and repeated axes, and no rows wherever they lie", () => {
    expect(
      refusal(() => checkSamples("update", { ...batch, offset: 5, rowStride: -2, featureStride: -1 }, 2)),
    ).toBe("accepted");
    expect(refusal(() => checkSamples("update", { ...batch, rows: 100, rowStride: 0 }, 2))).toBe("accepted");
    expect(refusal(() => checkSamples("update", { ...batch, rows: 0, offset: 99 }, 2))).toBe("accepted");
  });
});

describe("checkSymmetric, checkFeatures", () => {
  it("refuse sizes that do not fit", () => {
    expect(refusal(() => checkFeatures("createMoments", 0))).toBe(
      "createMoments: features must be a positive integer, got 0",
    );
    const upper = new Float64Array(5);
    expect(refusal(() => checkSymmetric("eigh", { order: 3, upper }))).toBe(
      "eigh: upper must have 6 values, got 5",
    );
    expect(refusal(() => checkSymmetric("eigh", { order: 0, upper }))).toBe(
      "eigh: order must be a positive integer, got 0",
    );
  });
});

describe("checkFinite", () => {
  it.each([
    [0, 0, 0],
    [2, 0, 2],
    [3, 1, 1],
    [4, 1, 2],
    [5, 2, 2],
  ])("says where packed element %i is", (index, row, feature) => {
    const upper = new Float64Array(6);
    upper[index] = Number.NEGATIVE_INFINITY;
    const call = () => checkFinite("eigh", { order: 3, upper });
    expect(call).toThrow(`eigh: elements must be finite, got -Infinity at row ${row}, column ${feature}`);
    expect(call).toThrow(expect.objectContaining({ row, feature, value: Number.NEGATIVE_INFINITY }));
  });
});

describe("checkState", () => {
  const state = {
    features: 2,
    count: 1,
    shift: new Float64Array(2),
    offset: new Float64Array(2),
    scatter: new Float64Array(3),
  };

  it("refuses sizes that do not fit and values that are not finite", () => {
    expect(refusal(() => checkState("merge", state, 3))).toBe("merge: needs a state of 3 features, got 2");
    expect(refusal(() => checkState("merge", { ...state, count: 0.5 }))).toBe(
      "merge: count must be an integer of at least 0, got 0.5",
    );
    expect(refusal(() => checkState("merge", { ...state, scatter: new Float64Array(4) }))).toBe(
      "merge: scatter must have 3 values, got 4",
    );
    const offset = Float64Array.of(0, Number.NaN);
    expect(() => checkState("merge", { ...state, offset })).toThrow(NonFiniteError);
    expect(() => checkState("merge", { ...state, offset })).toThrow(
      "offset must be finite, got NaN at feature 1",
    );
  });
});
