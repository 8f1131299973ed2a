import { fc, test } from "@fast-check/vitest";
import { expect } from "vitest";
import { type CheckedSamples, checkSamples, touchedRange } from "../validate.js";
import { type Piece, planPieces } from "./staging-plan.js";

const stride = fc.integer({ min: -40, max: 40 });

/** Any view that fits its data, overlapping, reversed and repeating ones included; each value is its own index. */
const views = fc
  .record({
    rows: fc.integer({ min: 1, max: 30 }),
    features: fc.integer({ min: 1, max: 6 }),
    blockRows: fc.integer({ min: 1, max: 31 }),
    blockStride: fc.integer({ min: -200, max: 200 }),
    rowStride: stride,
    featureStride: stride,
  })
  .map((shape) => {
    const at0 = { ...shape, data: new Float64Array(0), offset: 0 };
    const [first, last] = touchedRange(at0);
    const data = Float64Array.from({ length: last - first + 1 }, (_, i) => i);
    return checkSamples("test", { ...at0, data, offset: -first }, shape.features);
  });

test.prop([views, fc.integer({ min: 0, max: 400 })])(
  "the pieces of a view are its rows, in order, and none exceeds the capacity",
  (view, extra) => {
    const capacity = view.features + extra;
    const rows = planPieces(view, capacity).flatMap((piece) =>
      rowsOf(piece, stage(view, piece, capacity), view),
    );
    expect(rows).toEqual(Array.from({ length: view.rows }, (_, r) => rowOf(view, r)));
  },
);

test.prop([views])("a dense view is one copy", (view) => {
  const dense = { ...view, featureStride: 1, rowStride: view.features, blockRows: view.rows, offset: 0 };
  const pieces = planPieces(dense, view.rows * view.features);
  expect(pieces.map(({ rows, count, length }) => [rows, count, length])).toEqual([
    [view.rows, 1, view.rows * view.features],
  ]);
});

function stage(view: CheckedSamples, piece: Piece, capacity: number): Float64Array {
  const area = new Float64Array(capacity).fill(Number.NaN);
  for (let i = 0; i < piece.count; i++) {
    const from = piece.from + i * piece.fromStep;
    expect(from).toBeGreaterThanOrEqual(0);
    expect(from + piece.length).toBeLessThanOrEqual(view.data.length);
    area.set(view.data.subarray(from, from + piece.length), i * piece.toStep);
  }
  return area;
}

function rowsOf(piece: Piece, data: Float64Array, { features }: CheckedSamples): number[][] {
  const staged = { ...piece, features, data, offset: piece.origin };
  return Array.from({ length: piece.rows }, (_, r) => rowOf(staged, r));
}

function rowOf(view: CheckedSamples, row: number): number[] {
  const { data, offset, features, rowStride, featureStride, blockRows, blockStride } = view;
  const start = offset + Math.floor(row / blockRows) * blockStride + (row % blockRows) * rowStride;
  return Array.from({ length: features }, (_, f) => data[start + f * featureStride] as number);
}
