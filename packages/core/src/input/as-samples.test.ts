import { ShapeError } from "@delve/kernel";
import { describe, expect, test } from "vitest";
import { asSamples, asSymmetric } from "./as-samples.js";

/** Element (r, f) as the view's own definition has it. */
function toRows({
  data,
  offset = 0,
  rows,
  features,
  rowStride,
  featureStride,
}: ReturnType<typeof asSamples>) {
  return Array.from({ length: rows }, (_, r) =>
    Array.from({ length: features }, (_, f) => data[offset + r * rowStride + f * featureStride]),
  );
}

const MATRIX = [
  [1, 2, 3],
  [4, 5, 6],
];
const FLAT = [1, 2, 3, 4, 5, 6];

describe("asSamples reads", () => {
  const ndarrayOf = (data: Float64Array) => ({ data, shape: [2, 3], stride: [1, 2], offset: 1 });
  const accepted: [string, unknown][] = [
    ["rows of numbers", MATRIX],
    ["rows of typed arrays", MATRIX.map((row) => Float32Array.from(row))],
    ["a float64 array and its shape", { data: Float64Array.from(FLAT), shape: [2, 3] }],
    ["a plain array and its shape", { data: FLAT, shape: [2, 3] }],
    ["bytes and their shape", { data: Uint8Array.from(FLAT), shape: [2, 3] }],
    ["64-bit integers", { data: BigInt64Array.from(FLAT, BigInt), shape: [2, 3] }],
    ["a shape given as typed array", { data: FLAT, shape: Int32Array.of(2, 3) }],
    ["strides with gaps", { data: [1, 9, 2, 9, 3, 9, 4, 9, 5, 9, 6], shape: [2, 3], strides: [6, 2] }],
    ["column-major order", { data: [1, 4, 2, 5, 3, 6], shape: [2, 3], strides: [1, 2] }],
    ["an ndarray with stride and offset", ndarrayOf(Float64Array.of(9, 1, 4, 2, 5, 3, 6))],
    ["reversed axes", { data: [6, 5, 4, 3, 2, 1], shape: [2, 3], strides: [-3, -1], offset: 5 }],
    [
      "a tensor with dataSync",
      { shape: [2, 3], strides: [3], data: () => null, dataSync: () => Float32Array.from(FLAT) },
    ],
    ["a tensor with dims", { data: Float32Array.from(FLAT), dims: [2, 3], type: "float32" }],
  ];
  test.each(accepted)("%s", (_, input) => {
    expect(toRows(asSamples("f", input))).toEqual(MATRIX);
  });

  test("a repeated row (stride 0)", () => {
    expect(toRows(asSamples("f", { data: [1, 2], shape: [3, 2], strides: [0, 1] }))).toEqual([
      [1, 2],
      [1, 2],
      [1, 2],
    ]);
  });

  test("one column and one row, whatever their unused strides", () => {
    expect(toRows(asSamples("f", { data: [1, 2, 3], shape: [3, 1], strides: [1, 0] }))).toEqual([
      [1],
      [2],
      [3],
    ]);
    expect(toRows(asSamples("f", { data: [1, 2, 3], shape: [1, 3], strides: [-7, 1] }))).toEqual([[1, 2, 3]]);
  });

  test("NaN as it stands: refusing it is the kernel's part", () => {
    expect(toRows(asSamples("f", [[Number.NaN, 1]]))).toEqual([[Number.NaN, 1]]);
  });
});

describe("asSamples copies only what it must", () => {
  test.each([Float32Array, Float64Array])("%o is read in place, strided too", (FloatArray) => {
    const data = FloatArray.from([...FLAT, 7, 8]);
    expect(asSamples("f", { data, shape: [4, 2] }).data).toBe(data);
    expect(asSamples("f", { data, shape: [2, 2], strides: [1, 2], offset: 3 }).data).toBe(data);
  });

  test("a typed array of another realm is wrapped, not copied", async () => {
    const { runInNewContext } = await import("node:vm");
    const data = runInNewContext("Float32Array.of(1, 2, 3, 4, 5, 6)") as Float32Array;
    const samples = asSamples("f", { data, shape: [2, 3] });
    data[0] = 10;
    expect(samples.data).toBeInstanceOf(Float32Array);
    expect(toRows(samples)[0]).toEqual([10, 2, 3]);
  });
});

describe("asSamples refuses", () => {
  const endless: unknown[] = [];
  endless.push(endless);
  const misshapen: [string, unknown, string][] = [
    [
      "ragged rows",
      [[1, 2], [3]],
      "f: every array of a level must hold 2 values like the first, got 1 at x[1]",
    ],
    [
      "a number among rows",
      [[1, 2], 3],
      "f: every array of a level must hold 2 values like the first, got 3 at x[1]",
    ],
    ["a vector", [1, 2, 3], "f: needs a matrix (rows × features, 2 dimensions), got shape [3]"],
    ["nothing", [], "f: needs a matrix (rows × features, 2 dimensions), got shape [0]"],
    ["three dimensions", [[[1]]], "f: needs a matrix (rows × features, 2 dimensions), got shape [1, 1, 1]"],
    ["no samples", { data: [], shape: [0, 3] }, "f: needs at least one sample, got shape [0, 3]"],
    ["no features", [[], []], "f: needs at least one feature, got shape [2, 0]"],
    ["too few values", { data: FLAT, shape: [2, 4] }, "f: shape [2, 4] needs 8 values, got 6"],
    ["too many values", { data: FLAT, shape: [2, 2] }, "f: shape [2, 2] needs 4 values, got 6"],
    [
      "a negative length",
      { data: [], shape: [-1, 2] },
      "f: shape must be a list of integers of 0 or more, got [-1, 2]",
    ],
    [
      "a fraction",
      { data: FLAT, shape: [1.5, 4] },
      "f: shape must be a list of integers of 0 or more, got [1.5, 4]",
    ],
    [
      "a shape that is a number",
      { data: FLAT, shape: 6 },
      "f: shape must be a list of integers of 0 or more, got 6",
    ],
    [
      "strides for other axes",
      { data: FLAT, shape: [2, 3], strides: [1] },
      "f: strides must be one for each axis of shape [2, 3], got [1]",
    ],
    [
      "a negative offset",
      { data: FLAT, shape: [2, 3], offset: -1 },
      "f: offset must be an integer of 0 or more, got -1",
    ],
    [
      "strides in bytes",
      { data: Float64Array.from(FLAT), shape: [2, 3], strides: [24, 8] },
      "f: shape [2, 3], strides [24, 8] (in elements) and offset 0 must stay within the data, got elements 0 to 40 of 6",
    ],
    [
      "strides that reach before the start",
      { data: FLAT, shape: [2, 3], strides: [-3, 1] },
      "f: shape [2, 3], strides [-3, 1] (in elements) and offset 0 must stay within the data, got elements -3 to 2 of 6",
    ],
    [
      "a typed array without shape",
      Float32Array.of(1, 2),
      "f: a typed array needs a shape, as in { data, shape: [rows, features] }, got a Float32Array of length 2",
    ],
    ["endless nesting", endless, "f: arrays must not be nested deeper than 8 levels, got more"],
  ];
  test.each(misshapen)("%s", (_, input, message) => {
    expect(() => asSamples("f", input)).toThrow(new ShapeError(message));
  });

  const mistyped: [string, unknown, string][] = [
    [
      "a string among numbers",
      [
        [1, 2],
        [3, "4"],
      ],
      'f: every value must be a number, got the string "4" at x[1][1]',
    ],
    ["null among numbers", [[null]], "f: every value must be a number, got null at x[0][0]"],
    ["a hole", [new Array(2)], "f: every value must be a number, got undefined at x[0][0]"],
    [
      "strings with a shape",
      { data: ["a"], dims: [1, 1] },
      'f: every value must be a number, got the string "a" at index 0',
    ],
    [
      "half floats as bits",
      { data: Uint16Array.of(1), dims: [1, 1], type: "float16" },
      "f: half floats must be converted to float32 first, got float16 as a Uint16Array of bits",
    ],
    ["null", null, "f: input must be rows of numbers, { data, shape }, an ndarray or a tensor, got null"],
    [
      "a string",
      "1,2",
      'f: input must be rows of numbers, { data, shape }, an ndarray or a tensor, got the string "1,2"',
    ],
    [
      "another object",
      { rows: 1 },
      "f: input must be rows of numbers, { data, shape }, an ndarray or a tensor, got an object with keys rows",
    ],
    [
      "a tensor whose data is elsewhere",
      { shape: [1, 1], dataSync: () => undefined },
      "f: data must be an array, got undefined",
    ],
    [
      "a promise",
      Promise.resolve(),
      "f: input must be rows of numbers, { data, shape }, an ndarray or a tensor, got a Promise",
    ],
  ];
  test.each(mistyped)("%s", (_, input, message) => {
    expect(() => asSamples("f", input)).toThrow(new TypeError(message));
  });
});

describe("asSymmetric", () => {
  const A = [
    [1, 2, 3],
    [2, 4, 5],
    [3, 5, 6],
  ];
  const SKEW = [
    [1, 2, 3],
    [20, 4, 5],
    [30, 50, 6],
  ];

  test("packs the upper triangle row by row", () => {
    expect(asSymmetric("f", A)).toEqual({ order: 3, upper: Float64Array.of(1, 2, 3, 4, 5, 6) });
  });

  test("reads the triangle that uplo names and ignores the other", () => {
    expect(asSymmetric("f", SKEW, "U").upper).toEqual(Float64Array.of(1, 2, 3, 4, 5, 6));
    expect(asSymmetric("f", SKEW, "L").upper).toEqual(Float64Array.of(1, 20, 30, 4, 50, 6));
  });

  test("reads strides", () => {
    const data = Float64Array.from(SKEW.flat());
    expect(asSymmetric("f", { data, shape: [3, 3], strides: [1, 3] }, "U").upper).toEqual(
      Float64Array.of(1, 20, 30, 4, 50, 6),
    );
  });

  test("takes rounding for symmetric and refuses more", () => {
    expect(
      asSymmetric("f", [
        [1, 0.5],
        [0.5 + 1e-8, 1],
      ]).upper,
    ).toEqual(Float64Array.of(1, 0.5, 1));
    expect(() => asSymmetric("f", SKEW)).toThrow(
      new RangeError(
        "f: the matrix must be symmetric (or uplo must say which triangle counts), got 5 at [1, 2] and 50 at [2, 1]",
      ),
    );
  });

  test("refuses what is not square", () => {
    expect(() => asSymmetric("f", [[1, 2]])).toThrow(
      new ShapeError("f: needs a square matrix of order 1 or more, got shape [1, 2]"),
    );
    expect(() => asSymmetric("f", { data: [], shape: [0, 0] })).toThrow(ShapeError);
  });
});
