import { covariance, type MomentsState, packUpper, ShapeError } from "@delve/kernel";
import { referenceBackend } from "@delve/kernel/reference";
import { describe, expect, test } from "vitest";
import type { MatrixValue } from "../records.js";
import { spectrumOf } from "../spectrum.js";
import { embedding } from "./embedding.js";

/** The moments of some samples, and all of them embedded. */
function embed(samples: MatrixValue): { state: MomentsState; points: MatrixValue; values: Float64Array } {
  const backend = referenceBackend();
  const { rows, columns, data } = samples;
  const moments = backend.createMoments(columns);
  moments.update({ data, rows, features: columns, rowStride: columns, featureStride: 1 });
  const state = moments.state();
  const spectrum = spectrumOf(state, backend, { vectors: true });
  return { state, points: embedding(samples, state, spectrum.axes), values: spectrum.values };
}

// Deterministic, without structure.
const noise = (rows: number, columns: number, mean = 0): MatrixValue => ({
  rows,
  columns,
  data: Float64Array.from({ length: rows * columns }, (_, i) => mean + ((i * 7919) % 257) / 257 - 0.5),
});

describe("the first two principal axes", () => {
  test("points on a line, by hand: their distance from the mean, with the sign of the larger component", () => {
    // Along (−3, −4)/5, which is turned to (3, 4)/5.
    const { points } = embed({ rows: 3, columns: 2, data: Float64Array.of(10, 20, 13, 24, 7, 16) });
    const expected = [0, 0, 5, 0, -5, 0];
    for (const [i, value] of expected.entries()) expect(points.data[i]).toBeCloseTo(value, 14);
  });

  test.each([2, 3, 17])("%d features: uncorrelated, with the two largest variances, around 0", (columns) => {
    const samples = noise(120, columns, 3);
    const { points, values } = embed(samples);
    expect([points.rows, points.columns]).toEqual([120, 2]);
    const moments = referenceBackend().createMoments(2);
    moments.update({ data: points.data, rows: 120, features: 2, rowStride: 2, featureStride: 1 });
    const plane = moments.state();
    const expected = packUpper([values[0]!, 0, 0, values[1]!], 2).upper;
    for (const [i, value] of covariance(plane).upper.entries()) expect(value).toBeCloseTo(expected[i]!, 13);
    for (const f of [0, 1]) expect(plane.shift[f]! + plane.offset[f]!).toBeCloseTo(0, 13);
  });

  test("a mean of 1e8 deviations costs no digits", () => {
    // Whole numbers with a deviation of 74, so that the shift itself is exact.
    const samples = { ...noise(64, 4), data: noise(64, 4).data.map((x) => Math.round(x * 257)) };
    const { points } = embed(samples);
    const shifted = embed({ ...samples, data: samples.data.map((x) => x + 2 ** 34) }).points;
    for (const [i, value] of shifted.data.entries()) expect(value).toBeCloseTo(points.data[i]!, 11);
  });

  test("a single feature has a second coordinate of 0", () => {
    const { points } = embed({ rows: 3, columns: 1, data: Float64Array.of(1, 2, 6) });
    expect(Array.from(points.data)).toEqual([-2, 0, -1, 0, 3, 0]);
  });
});

test("samples or axes of another size are refused", () => {
  const { state } = embed(noise(9, 3));
  expect(() => embedding(noise(9, 4), state, new Float64Array(9))).toThrow(ShapeError);
  expect(() => embedding(noise(9, 3), state, new Float64Array(16))).toThrow(
    "samples and axes of 3 features, got 3 and 4",
  );
});
