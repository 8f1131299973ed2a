import "@tensorflow/tfjs-backend-cpu";
import { beforeAll, expect, test } from "vitest";
import { filterGradient, inputGradient } from "./convolution-gradients.js";
import * as tf from "./tf.js";

beforeAll(async () => {
  await tf.setBackend("cpu");
});

test.each([
  ["3 × 3", [2, 5, 4, 3], [3, 3, 3, 2]],
  ["1 × 1", [1, 3, 3, 2], [1, 1, 2, 4]],
  ["5 × 3, a map smaller than the filter", [3, 2, 2, 1], [5, 3, 1, 2]],
] as const)("the gradients of a %s convolution are tfjs's own", (_, shape, filterShape) => {
  const x = tf.randomNormal<tf.Rank.R4>([...shape], 0, 1, "float32", 1);
  const filter = tf.randomNormal<tf.Rank.R4>([...filterShape], 0, 1, "float32", 2);
  const dy = tf.randomNormal<tf.Rank.R4>([...shape.slice(0, 3), filterShape[3]] as never, 0, 1, "float32", 3);
  const grads = tf.grads((a, b) => tf.conv2d(a as tf.Tensor4D, b as tf.Tensor4D, 1, "same"));
  const [ofInput, ofFilter] = grads([x, filter], dy);
  const before = tf.memory().numTensors;
  const ours = [
    inputGradient({ inputs: { dy, filter } }),
    filterGradient({ inputs: { x, dy }, attrs: { filterShape } }),
  ];
  expect(tf.memory().numTensors).toBe(before + 2);
  for (const [one, expected] of [
    [ours[0]!, ofInput!],
    [ours[1]!, ofFilter!],
  ] as const) {
    expect(one.shape).toEqual(expected.shape);
    const worst = tf.max(tf.abs(tf.sub(one, expected))).dataSync()[0]!;
    // A sum of a few dozen float32 products of size 1.
    expect(worst).toBeLessThan(2e-5);
  }
});
