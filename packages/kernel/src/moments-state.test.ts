import { describe, expect, test } from "vitest";
import { NonFiniteError, ShapeError } from "./errors.js";
import { covariance, emptyState, type MomentsState, mean, mergeStates } from "./moments-state.js";

/** Samples (1, 2) and (3, 6). */
const two: MomentsState = {
  features: 2,
  count: 2,
  shift: Float64Array.of(2, 4),
  offset: Float64Array.of(0, 0),
  scatter: Float64Array.of(2, 4, 8),
};

/** One sample, its value in two parts. */
function single(shift: number, offset = 0): MomentsState {
  return {
    features: 1,
    count: 1,
    shift: Float64Array.of(shift),
    offset: Float64Array.of(offset),
    scatter: Float64Array.of(0),
  };
}

describe("emptyState", () => {
  test("has zeros of the right lengths", () => {
    expect(emptyState(3)).toEqual({
      features: 3,
      count: 0,
      shift: new Float64Array(3),
      offset: new Float64Array(3),
      scatter: new Float64Array(6),
    });
  });

  test.each([0, -2, 2.5, Number.NaN])("refuses %s features", (features) => {
    expect(() => emptyState(features)).toThrow(ShapeError);
    expect(() => emptyState(features)).toThrow(
      `emptyState: features must be a positive integer, got ${features}`,
    );
  });
});

describe("mergeStates", () => {
  test("of single samples gives their moments", () => {
    const all = [1, 2, 3, 4].map((x) => single(x)).reduce(mergeStates);
    expect(all.count).toBe(4);
    expect(mean(all)).toEqual(Float64Array.of(2.5));
    expect(all.scatter[0]).toBeCloseTo(5, 14);
  });

  test("has the empty state as its unit, to the last bit", () => {
    expect(mergeStates(two, emptyState(2))).toEqual(two);
    expect(mergeStates(emptyState(2), two)).toEqual(two);
    expect(mergeStates(emptyState(2), emptyState(2))).toEqual(emptyState(2));
  });

  test("shares no memory with its arguments, not even with the empty state", () => {
    const kept = structuredClone(two);
    for (const merged of [
      mergeStates(two, emptyState(2)),
      mergeStates(emptyState(2), two),
      mergeStates(two, two),
    ]) {
      for (const part of [merged.shift, merged.offset, merged.scatter]) part.fill(-1);
      expect(two).toEqual(kept);
    }
  });

  test("forms the difference of the means from their parts", () => {
    // As plain float64, both means would be 1e16, and their difference 0.
    const merged = mergeStates(single(1e16, 0.25), single(1e16, 0.75));
    expect(merged.scatter[0]).toBe(0.125);
    expect(merged.offset[0]).toBe(0.5);
  });

  test("keeps what the difference of two shifts would round away", () => {
    const merged = mergeStates(single(1e16, -1e16), single(1));
    expect(merged.scatter[0]).toBe(0.5);
  });

  test("keeps the shift of the larger part", () => {
    const many = { ...single(5), count: 10 };
    expect(mergeStates(single(1), many).shift[0]).toBe(5);
    expect(mergeStates(many, single(1)).shift[0]).toBe(5);
  });

  test("gives the same covariance in either order, to the last bit", () => {
    const other = { ...two, count: 5, shift: Float64Array.of(-1, 0.1), scatter: Float64Array.of(3, 1, 2) };
    expect(mergeStates(two, other)).toEqual(mergeStates(other, two));
  });

  test("refuses states of different features", () => {
    expect(() => mergeStates(two, emptyState(3))).toThrow(ShapeError);
    expect(() => mergeStates(two, emptyState(3))).toThrow("mergeStates: needs a state of 2 features, got 3");
  });

  test.each([
    ["a part of the wrong length", { scatter: new Float64Array(2) }, ShapeError, "must have 3 values, got 2"],
    ["a negative count", { count: -1 }, ShapeError, "got -1"],
    ["a fractional count", { count: 1.5 }, ShapeError, "got 1.5"],
    ["NaN", { offset: Float64Array.of(0, Number.NaN) }, NonFiniteError, "got NaN at feature 1"],
    [
      "infinity",
      { scatter: Float64Array.of(1, 2, Number.POSITIVE_INFINITY) },
      NonFiniteError,
      "got Infinity",
    ],
  ])("refuses %s on either side", (_, change, errorClass, message) => {
    const broken = { ...two, ...change };
    for (const merge of [() => mergeStates(two, broken), () => mergeStates(broken, two)]) {
      expect(merge).toThrow(errorClass);
      expect(merge).toThrow(/^mergeStates: /);
      expect(merge).toThrow(message);
    }
  });
});

describe("mean", () => {
  test("adds the two parts", () => {
    expect(mean({ ...two, offset: Float64Array.of(0.5, -1) })).toEqual(Float64Array.of(2.5, 3));
  });

  test("needs a sample", () => {
    expect(() => mean(emptyState(2))).toThrow("mean: needs at least one sample, got 0");
  });
});

describe("covariance", () => {
  test("is the population's by default", () => {
    expect(covariance(two)).toEqual({ order: 2, upper: Float64Array.of(1, 2, 4) });
  });

  test("divides by n − ddof", () => {
    expect(covariance(two, { ddof: 1 }).upper).toEqual(Float64Array.of(2, 4, 8));
    expect(covariance(two, { ddof: 0.5 }).upper[0]).toBeCloseTo(2 / 1.5, 15);
  });

  test("without centring is the second moment about zero", () => {
    expect(covariance(two, { center: false }).upper).toEqual(Float64Array.of(5, 10, 20));
    expect(covariance(two, { center: false, ddof: 1 }).upper).toEqual(Float64Array.of(10, 20, 40));
  });

  test("of one sample is zero", () => {
    expect(covariance(single(3)).upper).toEqual(Float64Array.of(0));
  });

  test("does not touch the state", () => {
    const kept = structuredClone(two);
    covariance(two, { center: false }).upper.fill(9);
    expect(two).toEqual(kept);
  });

  test("needs more samples than ddof", () => {
    expect(() => covariance(emptyState(2))).toThrow("covariance: needs at least one sample, got 0");
    expect(() => covariance(two, { ddof: 2 })).toThrow("covariance: needs more than 2 samples (ddof), got 2");
  });

  test.each([-1, Number.NaN, Number.POSITIVE_INFINITY])("refuses ddof %s", (ddof) => {
    expect(() => covariance(two, { ddof })).toThrow(
      `covariance: ddof must be a number of 0 or more, got ${ddof}`,
    );
  });

  test("refuses a state that is not whole", () => {
    expect(() => covariance({ ...two, shift: new Float64Array(1) })).toThrow(/^covariance: shift .* got 1$/);
  });
});
