import { describe, expect, test, vi } from "vitest";
import { conv, dense, initializer, normal, seeded, tf } from "../test/support.js";
import { type Activations, observeLayer } from "./observe.js";
import type { Tensor } from "./types.js";

/** An observer that keeps a copy of the values it is shown. */
function collector(activations: Activations) {
  const values: Float32Array[] = [];
  const flags: (boolean | undefined)[] = [];
  const observe = ([output]: readonly Tensor[], training: boolean | undefined) => {
    values.push(Float32Array.from(output!.dataSync()));
    flags.push(training);
  };
  return { activations, observe, values, flags };
}

const FUNCTIONS = [
  "linear",
  "relu",
  "relu6",
  "elu",
  "selu",
  "sigmoid",
  "tanh",
  "softmax",
  "softplus",
  "swish",
] as const;
const window = { filters: 4, kernelSize: 2 };
/** Every kind of layer with an activation function of its own. */
const KINDS = [
  { kind: "Dense", shape: [5, 3], make: (rest: object) => dense("layer", 4, rest) },
  { kind: "Dense over steps", shape: [2, 5, 3], make: (rest: object) => dense("layer", 4, rest) },
  {
    kind: "Conv1D",
    shape: [2, 6, 3],
    make: (rest: object) => tf.layers.conv1d({ ...window, ...seeds(), ...rest }),
  },
  { kind: "Conv2D", shape: [2, 6, 6, 3], make: (rest: object) => conv("layer", 4, rest) },
  {
    kind: "Conv3D",
    shape: [2, 4, 4, 3, 2],
    make: (rest: object) => tf.layers.conv3d({ ...window, ...seeds(), ...rest }),
  },
  {
    kind: "Conv2DTranspose",
    shape: [2, 3, 3, 2],
    make: (rest: object) => tf.layers.conv2dTranspose({ ...window, ...seeds(), ...rest }),
  },
  {
    kind: "DepthwiseConv2D",
    shape: [2, 4, 4, 3],
    make: (rest: object) =>
      tf.layers.depthwiseConv2d({ kernelSize: 2, depthwiseInitializer: initializer(), ...rest }),
  },
  {
    kind: "SeparableConv2D",
    shape: [2, 4, 4, 3],
    make: (rest: object) =>
      tf.layers.separableConv2d({
        ...window,
        depthwiseInitializer: initializer(),
        pointwiseInitializer: initializer(),
        ...rest,
      }),
  },
  {
    kind: "TimeDistributed of Dense",
    shape: [2, 5, 3],
    make: (rest: object) => tf.layers.timeDistributed({ layer: dense("inside", 4, rest) }),
  },
];
const seeds = () => ({ kernelInitializer: initializer(), biasInitializer: initializer() });

describe.each(KINDS)("observeLayer: $kind", ({ make: made, shape }) => {
  const make = (activation: string) => made({ activation });

  test.each(FUNCTIONS)("%s: shows the value before and after, and changes nothing", (activation) => {
    const layer = seeded(() => make(activation));
    const x = normal(shape, 1);
    const plain = (layer.apply(x) as tf.Tensor).dataSync();
    const before = collector("pre");
    const after = collector("post");
    const undo = [before, after].map((observer) => observeLayer(tf, layer, observer));
    expect((layer.apply(x) as tf.Tensor).dataSync()).toEqual(plain);
    expect(after.values).toEqual([plain]);

    const linear = seeded(() => make("linear"));
    expect(before.values).toEqual([(linear.apply(x) as tf.Tensor).dataSync()]);
    for (const remove of undo) remove();
    expect(Object.hasOwn(layer, "call")).toBe(false);
  });

  test.each(FUNCTIONS)("%s: the gradient stays the same to the last bit", (activation) => {
    const layer = seeded(() => make(activation));
    const x = normal(shape, 2);
    const gradients = () => {
      const { grads } = tf.variableGrads(() => tf.sum(tf.square(layer.apply(x) as tf.Tensor)) as tf.Scalar);
      return Object.values(grads).map((grad) => grad.dataSync());
    };
    const output = (layer.apply(x) as tf.Tensor).dataSync();
    const plain = gradients();
    const [before, after] = [collector("pre"), collector("post")];
    const undo = [before, after].map((observer) => observeLayer(tf, layer, observer));
    expect(gradients()).toEqual(plain);
    const linear = seeded(() => make("linear"));
    expect(before.values).toEqual([(linear.apply(x) as tf.Tensor).dataSync()]);
    expect(after.values).toEqual([output]);
    for (const remove of undo) remove();
    expect(Object.hasOwn(tf.engine(), "runKernel")).toBe(false);
  });
});

describe("observeLayer", () => {
  test("leaves no tensor behind, inside and outside of tidy", () => {
    const layer = seeded(() => dense("layer", 4, { activation: "relu" }));
    const x = normal([5, 3], 1);
    layer.build([null, 3]);
    observeLayer(tf, layer, collector("pre"));
    const { numTensors } = tf.memory();
    (layer.apply(x) as tf.Tensor).dispose();
    tf.tidy(() => void layer.apply(x));
    expect(tf.memory().numTensors).toBe(numTensors);
  });

  test("while a gradient is recorded, no gradient is computed that would not be without it", () => {
    const layer = seeded(() => dense("layer", 4, { activation: "relu" }));
    const x = normal([5, 3], 1);
    layer.build([null, 3]);
    const kernels = () => {
      const profile = vi.spyOn(tf.engine(), "runKernel");
      tf.dispose(tf.variableGrads(() => tf.sum(layer.apply(x) as tf.Tensor) as tf.Scalar).grads);
      const names = profile.mock.calls.map(([name]) => name);
      profile.mockRestore();
      return names;
    };
    const plain = kernels();
    const remove = observeLayer(tf, layer, collector("pre"));
    expect(kernels()).toEqual(plain);
    expect(plain.filter((name) => name === "BatchMatMul").length).toBe(2);
    remove();
  });

  test("the layer has its activation back, also after a call that fails", () => {
    const layer = seeded(() => dense("layer", 4, { activation: "relu" }));
    observeLayer(tf, layer, collector("pre"));
    layer.apply(normal([5, 3], 1));
    expect(() => layer.call(normal([5, 7], 1), {})).toThrow();
    expect(layer.getConfig()["activation"]).toBe("relu");
  });

  test("tells what the pass says of itself", () => {
    const layer = seeded(() => dense("layer", 4));
    const observer = collector("post");
    observeLayer(tf, layer, observer);
    layer.apply(normal([5, 3], 1), { training: true });
    layer.apply(normal([5, 3], 1), { training: false });
    layer.apply(normal([5, 3], 1));
    expect(observer.flags).toEqual([true, false, undefined]);
  });

  test("an observer that leaves lets the others see on", () => {
    const layer = seeded(() => dense("layer", 4));
    const [first, second] = [collector("pre"), collector("post")];
    const removeFirst = observeLayer(tf, layer, first);
    const removeSecond = observeLayer(tf, layer, second);
    removeFirst();
    layer.apply(normal([5, 3], 1));
    expect([first.values.length, second.values.length]).toEqual([0, 1]);
    removeSecond();
    const third = collector("pre");
    observeLayer(tf, layer, third);
    layer.apply(normal([5, 3], 1));
    expect(third.values.length).toBe(1);
  });
});
