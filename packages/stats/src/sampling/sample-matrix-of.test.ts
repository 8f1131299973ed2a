import { type SampleMatrix, ShapeError } from "@delve/kernel";
import { describe, expect, test } from "vitest";
import { firstSamples, type LayerOutput } from "./layer-output.js";
import { sampleMatrixOf } from "./sample-matrix-of.js";

/** The rows that a view shows. */
function rowsOf(view: SampleMatrix): number[][] {
  const {
    data,
    offset = 0,
    rows,
    features,
    rowStride,
    featureStride,
    blockRows = rows,
    blockStride = 0,
  } = view;
  return Array.from({ length: rows }, (_, r) =>
    Array.from({ length: features }, (_, f) => {
      const block = Math.floor(r / blockRows) * blockStride;
      return data[offset + block + (r % blockRows) * rowStride + f * featureStride]!;
    }),
  );
}

// Two images of two channels and 2 × 3 places; channel c of image b at place p is 100·b + 10·c + p.
const value = (b: number, c: number, p: number): number => 100 * b + 10 * c + p;
const nchw: LayerOutput = {
  data: Float32Array.from({ length: 24 }, (_, i) => value(Math.floor(i / 12), Math.floor(i / 6) % 2, i % 6)),
  shape: [2, 2, 2, 3],
  layout: "channelsFirst",
};
const nhwc: LayerOutput = {
  data: Float32Array.from({ length: 24 }, (_, i) => value(Math.floor(i / 12), i % 2, Math.floor(i / 2) % 6)),
  shape: [2, 2, 3, 2],
};

describe("convolutions", () => {
  test.each([
    ["channels last", nhwc],
    ["channels first", nchw],
  ])("channelwise, %s: every place is a sample, and nothing is copied", (_, output) => {
    const view = sampleMatrixOf(output);
    const places = [0, 1].flatMap((b) => [0, 1, 2, 3, 4, 5].map((p) => [value(b, 0, p), value(b, 1, p)]));
    expect(rowsOf(view)).toEqual(places);
    expect(view.data).toBe(output.data);
  });

  test.each([
    [
      "mean",
      [
        [2.5, 12.5],
        [102.5, 112.5],
      ],
    ],
    [
      "max",
      [
        [5, 15],
        [105, 115],
      ],
    ],
    [
      "median",
      [
        [2, 12],
        [102, 112],
      ],
    ],
  ] as const)("%s: a feature map becomes a number, in both layouts", (convMethod, rows) => {
    expect(rowsOf(sampleMatrixOf(nhwc, { convMethod }))).toEqual(rows);
    expect(rowsOf(sampleMatrixOf(nchw, { convMethod }))).toEqual(rows);
  });

  test("flatten: an image is a sample, its features in the order in which they lie", () => {
    expect(rowsOf(sampleMatrixOf(nchw, { convMethod: "flatten" }))).toEqual([
      Array.from(nchw.data.subarray(0, 12)),
      Array.from(nchw.data.subarray(12)),
    ]);
  });

  test("one and three spatial axes", () => {
    const line: LayerOutput = { data: nhwc.data, shape: [2, 6, 2], kind: "conv" };
    const volume: LayerOutput = { data: nhwc.data, shape: [2, 1, 2, 3, 2] };
    expect(rowsOf(sampleMatrixOf(line))).toEqual(rowsOf(sampleMatrixOf(nhwc)));
    expect(rowsOf(sampleMatrixOf(volume))).toEqual(rowsOf(sampleMatrixOf(nhwc)));
  });

  test.each(["mean", "max", "median"] as const)(
    "%s does not hide a value that is not finite",
    (convMethod) => {
      for (const bad of [Number.NaN, Infinity, -Infinity]) {
        const data = nhwc.data.slice();
        data[3] = bad;
        const rows = rowsOf(sampleMatrixOf({ ...nhwc, data }, { convMethod }));
        expect(rows[0]![1]).toBeNaN();
        expect(rows.flat().filter((value) => Number.isNaN(value))).toHaveLength(1);
      }
    },
  );
});

describe("sequences", () => {
  // Two samples of three steps and two features.
  const sequence: LayerOutput = { data: Float64Array.from({ length: 12 }, (_, i) => i), shape: [2, 3, 2] };

  test("last_timestep is the default", () => {
    expect(rowsOf(sampleMatrixOf(sequence))).toEqual([
      [4, 5],
      [10, 11],
    ]);
  });

  test("timestepwise: all steps of a sample make one row", () => {
    expect(rowsOf(sampleMatrixOf(sequence, { timeseriesMethod: "timestepwise" }))).toEqual([
      [0, 1, 2, 3, 4, 5],
      [6, 7, 8, 9, 10, 11],
    ]);
  });

  test("tokenwise: every step is a row", () => {
    expect(rowsOf(sampleMatrixOf(sequence, { timeseriesMethod: "tokenwise" }))).toEqual([
      [0, 1],
      [2, 3],
      [4, 5],
      [6, 7],
      [8, 9],
      [10, 11],
    ]);
  });

  test("features first", () => {
    const first: LayerOutput = { ...sequence, shape: [2, 2, 3], layout: "channelsFirst" };
    expect(rowsOf(sampleMatrixOf(first))).toEqual([
      [2, 5],
      [8, 11],
    ]);
  });
});

describe("refused", () => {
  const data = new Float32Array(12);
  test.each<[string, unknown, RegExp]>([
    ["one axis", { data, shape: [12] }, /dense output needs a shape \[samples, features\], got \[12\]/],
    ["no samples", { data: new Float32Array(0), shape: [0, 4] }, /at least one sample.*got shape \[0, 4\]/],
    ["no features", { data: new Float32Array(0), shape: [4, 0] }, /one feature, got shape \[4, 0\]/],
    ["too few values", { data, shape: [4, 4] }, /shape \[4, 4\] needs 16 values, got 12/],
    ["a fraction", { data, shape: [2.4, 5] }, /whole numbers, got \[2.4,5\]/],
    ["no shape", { data }, /list of whole numbers, got/],
    ["other data", { data: [1, 2], shape: [1, 2] }, /Float32Array or a Float64Array/],
    ["a conv without places", { data, shape: [3, 4], kind: "conv" }, /conv output needs a shape/],
  ])("%s", (_, output, message) => {
    expect(() => sampleMatrixOf(output as LayerOutput)).toThrow(ShapeError);
    expect(() => sampleMatrixOf(output as LayerOutput)).toThrow(message);
  });

  test("an unknown layout or kind", () => {
    const bad = (extra: object) => () => sampleMatrixOf({ data, shape: [3, 4], ...extra } as LayerOutput);
    expect(bad({ layout: "channels_last" })).toThrow('did you mean "channelsLast"?');
    expect(bad({ kind: "rnn" })).toThrow('must be one of "dense", "sequence", "conv", got "rnn"');
  });
});

test("firstSamples cuts the first axis, without a copy", () => {
  const cut = firstSamples(nchw, 1);
  expect(cut.shape).toEqual([1, 2, 2, 3]);
  expect(cut.data.buffer).toBe(nchw.data.buffer);
  expect(rowsOf(sampleMatrixOf(cut))).toEqual(rowsOf(sampleMatrixOf(nchw)).slice(0, 6));
  expect(firstSamples(nchw, 2)).toBe(nchw);
});
