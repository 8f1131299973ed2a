import { sampleMatrixOf } from "@delve/stats";
import { describe, expect, test } from "vitest";
import { conv, dense, seeded, tf } from "../test/support.js";
import { joined, layerOutput } from "./output.js";

const read = (shape: number[]) => {
  const data = Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => i);
  return { data, shape };
};

const first = { dataFormat: "channelsFirst" } as const;
const window = { filters: 2, kernelSize: 1 } as const;
const over = (before: tf.layers.Layer, layer: tf.layers.Layer, shape: number[]) => {
  layer.apply(before.apply(tf.input({ shape })));
  return layer;
};

/** What the axes of a layer's output mean: as kind, layout, and the shape that it is seen in. */
const CASES: [string, () => tf.layers.Layer, number[], string][] = [
  ["Dense", () => dense("a", 2), [4, 2], "dense, 4,2"],
  ["Dense over steps", () => dense("a", 2), [4, 5, 2], "sequence channelsLast, 4,5,2"],
  ["Dense over maps", () => dense("a", 2), [4, 3, 5, 2], "conv channelsLast, 4,3,5,2"],
  [
    "Conv1D, channels first: tfjs puts out channels last",
    () => tf.layers.conv1d({ ...window, ...first }),
    [4, 5, 2],
    "conv channelsLast, 4,5,2",
  ],
  ["Conv2D", () => conv("a", 2), [4, 3, 5, 2], "conv channelsLast, 4,3,5,2"],
  ["Conv2D, channels first", () => conv("a", 2, first), [4, 2, 3, 5], "conv channelsFirst, 4,2,3,5"],
  [
    "Conv3D, channels first",
    () => tf.layers.conv3d({ ...window, ...first }),
    [4, 2, 3, 5, 1],
    "conv channelsFirst, 4,2,3,5,1",
  ],
  [
    "TimeDistributed of Conv2D, channels first: steps are samples",
    () => tf.layers.timeDistributed({ layer: conv("a", 2, first) }),
    [4, 6, 2, 3, 5],
    "conv channelsFirst, 24,2,3,5",
  ],
  [
    "TimeDistributed of BatchNormalization of axis 1",
    () => tf.layers.timeDistributed({ layer: tf.layers.batchNormalization({ axis: 1 }) }),
    [4, 6, 2, 3, 5],
    "conv channelsFirst, 24,2,3,5",
  ],
  ["LSTM", () => tf.layers.lstm({ units: 2 }), [4, 2], "dense, 4,2"],
  [
    "LSTM over steps",
    () => tf.layers.lstm({ units: 2, returnSequences: true }),
    [4, 5, 2],
    "sequence channelsLast, 4,5,2",
  ],
  [
    "ConvLSTM2D over steps, channels first",
    () => tf.layers.convLstm2d({ ...window, ...first, returnSequences: true }),
    [4, 6, 2, 3, 5],
    "conv channelsFirst, 24,2,3,5",
  ],
  [
    "Embedding of words of sentences",
    () => tf.layers.embedding({ inputDim: 9, outputDim: 2 }),
    [4, 3, 5, 2],
    "sequence channelsLast, 4,3,5,2",
  ],
  [
    "BatchNormalization of axis 1",
    () => tf.layers.batchNormalization({ axis: 1 }),
    [4, 2, 3, 5],
    "conv channelsFirst, 4,2,3,5",
  ],
  [
    "BatchNormalization of the last axis",
    () => tf.layers.batchNormalization({}),
    [4, 3, 5, 2],
    "conv channelsLast, 4,3,5,2",
  ],
  [
    "LayerNormalization after Dense",
    () => over(dense("a", 2), tf.layers.layerNormalization(), [5, 2]),
    [4, 5, 2],
    "sequence channelsLast, 4,5,2",
  ],
  [
    "BatchNormalization after Conv1D",
    () => over(tf.layers.conv1d(window), tf.layers.batchNormalization(), [5, 2]),
    [4, 5, 2],
    "conv channelsLast, 4,5,2",
  ],
  [
    "pooling after Conv1D",
    () => over(tf.layers.conv1d(window), tf.layers.maxPooling1d({ poolSize: 1 }), [5, 2]),
    [4, 5, 2],
    "conv channelsLast, 4,5,2",
  ],
  [
    "pooling, channels first",
    () => tf.layers.maxPooling2d({ poolSize: 1, ...first }),
    [4, 2, 3, 5],
    "conv channelsFirst, 4,2,3,5",
  ],
];

describe("layerOutput", () => {
  test.each(CASES)("%s", (_, make, shape, meaning) => {
    const { kind, layout, shape: seen } = layerOutput(seeded(make), read(shape));
    expect(`${kind}${layout ? ` ${layout}` : ""}, ${seen}`).toBe(meaning);
  });
});

describe("joined", () => {
  test("one tensor's values are not copied, unless they are no floats", () => {
    const values = read([2, 3]);
    expect(joined([values]).data).toBe(values.data);
    expect(joined([{ data: Int32Array.of(1, 2), shape: [2, 1] }]).data).toEqual(Float64Array.of(1, 2));
  });

  test("several stand side by side, features of the one after those of the other", () => {
    const [a, b] = [read([2, 2, 2]), read([2, 2, 2])];
    const { data, shape } = joined([a, { ...b, data: b.data.map((value) => -value) }]);
    expect(shape).toEqual([2, 2, 4]);
    expect([...data]).toEqual([0, 1, -0, -1, 2, 3, -2, -3, 4, 5, -4, -5, 6, 7, -6, -7]);
    expect(sampleMatrixOf({ data, shape }, { timeseriesMethod: "tokenwise" }).rows).toBe(4);
  });
});
