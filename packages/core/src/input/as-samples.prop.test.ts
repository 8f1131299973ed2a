import { fc, test } from "@fast-check/vitest";
import { expect } from "vitest";
import { asSamples } from "./as-samples.js";

/** A matrix of samples laid out with any strides: gaps, either order of axes, either direction. */
const laidOut = fc
  .record({
    rows: fc.integer({ min: 1, max: 6 }),
    features: fc.integer({ min: 1, max: 6 }),
    gap: fc.integer({ min: 1, max: 3 }),
    padding: fc.integer({ min: 0, max: 3 }),
    columnMajor: fc.boolean(),
    reversed: fc.tuple(fc.boolean(), fc.boolean()),
    kind: fc.constantFrom(Float32Array, Float64Array, Int16Array),
  })
  .map(({ rows, features, gap, padding, columnMajor, reversed, kind }) => {
    const strides = columnMajor ? [gap, rows * gap + padding] : [features * gap + padding, gap];
    const size = (rows - 1) * strides[0]! + (features - 1) * strides[1]! + 1;
    const data = new kind(size + padding);
    const value = (r: number, f: number) => 10 * r + f;
    const step = (index: number, length: number, backwards: boolean) =>
      backwards ? length - 1 - index : index;
    for (let r = 0; r < rows; r++) {
      for (let f = 0; f < features; f++) {
        const at = step(r, rows, reversed[0]) * strides[0]! + step(f, features, reversed[1]) * strides[1]!;
        data[padding + at] = value(r, f);
      }
    }
    const signed = strides.map((stride, axis) => (reversed[axis] ? -stride : stride));
    const start =
      (reversed[0] ? (rows - 1) * strides[0]! : 0) + (reversed[1] ? (features - 1) * strides[1]! : 0);
    return { input: { data, shape: [rows, features], strides: signed, offset: padding + start }, value };
  });

test.prop([laidOut])("every layout of a matrix reads the same", ({ input, value }) => {
  const { data, offset = 0, rows, features, rowStride, featureStride } = asSamples("f", input);
  expect([rows, features]).toEqual(input.shape);
  for (let r = 0; r < rows; r++) {
    for (let f = 0; f < features; f++) {
      expect(data[offset + r * rowStride + f * featureStride]).toBe(value(r, f));
    }
  }
});
