import "@tensorflow/tfjs-backend-cpu";
import { beforeAll, describe, expect, test } from "vitest";
import { filterGradient, inputGradient } from "./convolution-gradients.js";
import * as tf from "./tf.js";

beforeAll(async () => {
  await tf.setBackend("cpu");
});

/** The two kernels, whoever wrote them. */
interface Gradients {
  inputGradient(request: object): tf.Tensor;
  filterGradient(request: object): tf.Tensor;
}

/** Those of the example, which it hands to whatever registers kernels. */
async function gradientsOfExample(): Promise<Gradients> {
  const url = new URL("../../../../examples/receptive-field/conv-on-wasm.js", import.meta.url);
  const { trainConvolutionsOnWasm } = await import(url.href);
  const kernels: Record<string, Gradients["inputGradient"]> = {};
  const registerKernel = ({ kernelName, kernelFunc }: tf.KernelConfig) => {
    kernels[kernelName] = kernelFunc as Gradients["inputGradient"];
  };
  trainConvolutionsOnWasm({ ...tf, registerKernel, unregisterKernel: () => {} });
  return {
    inputGradient: kernels["Conv2DBackpropInput"]!,
    filterGradient: kernels["Conv2DBackpropFilter"]!,
  };
}

describe.each<[string, () => Promise<Gradients>]>([
  ["the playground's", async () => ({ inputGradient, filterGradient }) as Gradients],
  ["the example's", gradientsOfExample],
])("%s gradients", (_, open) => {
  test.each([
    ["3 × 3", [2, 5, 4, 3], [3, 3, 3, 2]],
    ["1 × 1", [1, 3, 3, 2], [1, 1, 2, 4]],
    ["5 × 3, a map smaller than the filter", [3, 2, 2, 1], [5, 3, 1, 2]],
  ] as const)("of a %s convolution are those of tfjs's cpu backend", async (_, shape, filterShape) => {
    const kernels = await open();
    const normal = (size: readonly number[], seed: number) =>
      tf.randomNormal<tf.Rank.R4>([...size] as never, 0, 1, "float32", seed);
    const [x, filter] = [normal(shape, 1), normal(filterShape, 2)];
    const dy = normal([...shape.slice(0, 3), filterShape[3]], 3);
    const grads = tf.grads((a, b) => tf.conv2d(a as tf.Tensor4D, b as tf.Tensor4D, 1, "same"));
    const [ofInput, ofFilter] = grads([x, filter], dy);
    const before = tf.memory().numTensors;
    const ours = [
      kernels.inputGradient({ inputs: { dy, filter } }),
      kernels.filterGradient({ inputs: { x, dy }, attrs: { filterShape } }),
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
});
