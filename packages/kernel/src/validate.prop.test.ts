import { fc, test } from "@fast-check/vitest";
import { expect } from "vitest";
import { touchedRange } from "./validate.js";

const stride = fc.integer({ min: -50, max: 50 });

test.prop([
  fc.record({
    rows: fc.integer({ min: 1, max: 20 }),
    features: fc.integer({ min: 1, max: 5 }),
    blockRows: fc.integer({ min: 1, max: 21 }),
    blockStride: stride,
    rowStride: stride,
    featureStride: stride,
    offset: stride,
  }),
])("the range of a view is that of its elements", (shape) => {
  const { rows, features, offset, rowStride, featureStride, blockRows, blockStride } = shape;
  const indices = Array.from({ length: rows * features }, (_, i) => {
    const row = Math.floor(i / features);
    const inBlock = Math.floor(row / blockRows) * blockStride + (row % blockRows) * rowStride;
    return offset + inBlock + (i % features) * featureStride;
  });
  const range = touchedRange({ ...shape, data: new Float64Array(0) });
  expect(range.map((index) => index + 0)).toEqual(
    [Math.min(...indices), Math.max(...indices)].map((x) => x + 0),
  );
});
