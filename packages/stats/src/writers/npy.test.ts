import { readFileSync } from "node:fs";
import { fixturePath, readCase } from "@delve/conformance";
import { fc } from "@fast-check/vitest";
import { describe, expect, test } from "vitest";
import { decodeNpy, encodeNpy, type NpyArray } from "./npy.js";

describe("NumPy's own files", () => {
  const stored = readCase<{ files: Record<string, { dtype: string; shape: number[]; value: unknown }> }>(
    "writers/npy_3_epochs/case.json",
  );

  test.each(Object.entries(stored.files))(
    "%s reads, and is written to the byte",
    (path, { shape, value }) => {
      const bytes = new Uint8Array(readFileSync(fixturePath(`writers/npy_3_epochs/files/run/${path}`)));
      const array = decodeNpy(bytes);
      expect(array.shape).toEqual(shape);
      expect(Array.from(array.data, Number)).toEqual([value].flat(2));
      expect(encodeNpy(array)).toEqual(bytes);
    },
  );

  test.each([
    ["b", [1]],
    ["i", [3]],
    ["f", [0.5]],
    ["arr", [0, 1, 2, 3, 4, 5]],
  ])("element type of %s", (name, values) => {
    const path = `writers/npy_3_epochs/files/value_types/${name}/${name}_epoch0.npy`;
    const bytes = new Uint8Array(readFileSync(fixturePath(path)));
    expect(Array.from(decodeNpy(bytes).data, Number)).toEqual(values);
    expect(encodeNpy(decodeNpy(bytes))).toEqual(bytes);
  });

  test("text is refused, and said to be it", () => {
    const bytes = readFileSync(fixturePath("writers/npy_3_epochs/files/value_types/s/s_epoch0.npy"));
    expect(() => decodeNpy(bytes)).toThrow("got <U3");
  });
});

const arrays = fc
  .array(fc.integer({ min: 0, max: 5 }), { maxLength: 3 })
  .chain((shape): fc.Arbitrary<NpyArray> => {
    const length = shape.reduce((product, axis) => product * axis, 1);
    const exactly = { minLength: length, maxLength: length };
    const bigs = fc.array(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), exactly);
    return fc.oneof(
      fc.float64Array(exactly).map((data): NpyArray => ({ dtype: "<f8", shape, data })),
      fc.float32Array(exactly).map((data): NpyArray => ({ dtype: "<f4", shape, data })),
      bigs.map((data): NpyArray => ({ dtype: "<i8", shape, data: BigInt64Array.from(data) })),
      fc.uint8Array({ ...exactly, max: 1 }).map((data): NpyArray => ({ dtype: "|b1", shape, data })),
    );
  });

test("what is written reads back, bit for bit, from any place in a buffer", () => {
  fc.assert(
    fc.property(arrays, fc.integer({ min: 0, max: 9 }), (array, offset) => {
      const bytes = encodeNpy(array);
      expect((bytes.length - array.data.byteLength) % 64).toBe(0);
      const moved = new Uint8Array(bytes.length + offset);
      moved.set(bytes, offset);
      expect(decodeNpy(moved.subarray(offset))).toEqual(array);
    }),
  );
});

test("bytes that are cut or no .npy are refused", () => {
  const bytes = encodeNpy({ dtype: "<f8", shape: [2], data: Float64Array.of(1, 2) });
  for (let length = 0; length < bytes.length; length++) {
    expect(() => decodeNpy(bytes.subarray(0, length)), String(length)).toThrow(RangeError);
  }
  const fortran = bytes.slice();
  fortran.set(new TextEncoder().encode("True,"), new TextDecoder("latin1").decode(bytes).indexOf("False"));
  expect(() => decodeNpy(fortran)).toThrow("in Fortran order");
});

test("a shape that does not fit is refused", () => {
  expect(() => encodeNpy({ dtype: "<f8", shape: [2, 3], data: new Float64Array(5) })).toThrow(
    "encodeNpy: shape (2, 3) needs 6 elements, got 5",
  );
});
