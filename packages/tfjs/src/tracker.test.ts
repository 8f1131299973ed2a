import { NonFiniteError } from "@delve/kernel";
import { referenceBackend } from "@delve/kernel/reference";
import type { MatrixValue } from "@delve/stats";
import { describe, expect, test, vi } from "vitest";
import {
  cnn,
  compiled,
  conv,
  dense,
  mlp,
  normal,
  seeded,
  silent,
  sizesOf,
  statsOf,
  tf,
  track,
  weightsOf,
} from "../test/support.js";
import { SaturationTracker } from "./index.js";

const x = normal([20, 4], 1);
const y = normal([20, 3], 2);
const images = normal([20, 6, 6, 1], 3);
const quiet = { progress: false };

/** Population covariance in two passes, row-major. */
function covarianceOf(tensor: tf.Tensor): number[] {
  const features = tensor.shape.at(-1)!;
  const data = tensor.dataSync();
  const n = data.length / features;
  const at = (row: number, column: number) => data[row * features + column]!;
  const sum = (term: (row: number) => number) =>
    Array.from({ length: n }, (_, r) => term(r)).reduce((a, b) => a + b);
  const mean = Array.from({ length: features }, (_, f) => sum((row) => at(row, f)) / n);
  return mean.flatMap((mi, i) =>
    mean.map((mj, j) => sum((row) => (at(row, i) - mi) * (at(row, j) - mj)) / n),
  );
}

/** `phase/layer` → covariance, of the last save. */
const covariancesOf = (tracker: SaturationTracker<typeof tf>): Record<string, number[]> =>
  Object.fromEntries(
    statsOf(tracker).map(({ phase, layer, value }) => [
      `${phase}/${layer}`,
      [...(value as MatrixValue).data],
    ]),
  );

function expectClose(actual: readonly number[], expected: readonly number[]): void {
  const scale = Math.max(...expected.map(Math.abs));
  expect(actual.length).toBe(expected.length);
  expect(Math.max(...expected.map((value, i) => Math.abs(value - actual[i]!)))).toBeLessThan(1e-13 * scale);
}

describe("what is recorded", () => {
  test("dense layers of a sequential model in fit, train and validation apart", async () => {
    const model = mlp();
    const tracker = await track({ model });
    expect(tracker.layers).toEqual(["hidden", "out"]);
    await model.fit(x, y, {
      epochs: 2,
      batchSize: 8,
      validationSplit: 0.25,
      callbacks: tracker.callback(quiet),
    });
    expect(sizesOf(tracker)).toEqual({
      "train/hidden": "15×6",
      "train/out": "15×3",
      "eval/hidden": "5×6",
      "eval/out": "5×3",
    });
    await tracker.close();
  });

  test("convolutions: every place of the map is a sample, every filter a feature", async () => {
    const model = cnn();
    const tracker = await track({ model });
    await model.fit(images, y, { batchSize: 8, callbacks: tracker.callback(quiet) });
    expect(sizesOf(tracker)).toEqual({
      "train/conv1": `${20 * 4 * 4}×4`,
      "train/conv2": `${20 * 2 * 2}×5`,
      "train/out": "20×3",
    });
    await tracker.close();
  });

  test("channels-first convolutions, and dense layers over time steps", async () => {
    const input = tf.input({ shape: [3, 6, 6] });
    const maps = seeded(() => conv("maps", 4, { dataFormat: "channelsFirst" })).apply(input);
    const steps = tf.layers.reshape({ targetShape: [16, 4] }).apply(maps);
    const model = tf.model({ inputs: input, outputs: dense("steps", 2).apply(steps) as tf.SymbolicTensor });
    const tracker = await track({ model, timeseriesMethod: "tokenwise", stats: ["cov"] });
    const batch = normal([5, 3, 6, 6], 1);
    model.predict(batch);
    await tracker.addSaturations();
    expect(sizesOf(tracker)).toEqual({ "eval/maps": `${5 * 16}×4`, "eval/steps": `${5 * 16}×2` });
    const output = model.getLayer("maps").apply(batch) as tf.Tensor;
    expectClose(covariancesOf(tracker)["eval/maps"]!, covarianceOf(tf.transpose(output, [0, 2, 3, 1])));
    await tracker.close();
  });

  test.each(["pre", "post"] as const)(
    "%s-activation values: the covariance is that of the model's own output",
    async (activations) => {
      const model = cnn();
      const tracker = await track({ model, activations, stats: ["cov"] });
      model.predict(images, { batchSize: 7 });
      await tracker.addSaturations();
      const covariances = covariancesOf(tracker);
      await tracker.close();

      let values = images as tf.Tensor;
      for (const layer of model.layers) {
        const { activation, ...config } = layer.getConfig();
        const linear = { ...config, activation: "linear", name: `linear_${layer.name}` } as never;
        const kind = { Conv2D: tf.layers.conv2d, Dense: tf.layers.dense }[layer.getClassName()];
        const plain = kind?.(linear);
        plain?.build(values.shape);
        plain?.setWeights(layer.getWeights());
        const post = layer.apply(values) as tf.Tensor;
        if (plain) {
          const pre = plain.apply(values) as tf.Tensor;
          expectClose(covariances[`eval/${layer.name}`]!, covarianceOf(activations === "pre" ? pre : post));
        }
        values = post;
      }
      expect(Object.keys(covariances)).toEqual(["eval/conv1", "eval/conv2", "eval/out"]);
    },
  );

  test("trainOnBatch and loops of one's own; a loop that forgets the flag is known by its gradient", async () => {
    const model = mlp();
    const tracker = await track({ model });
    await model.trainOnBatch(x, y);
    const optimizer = tf.train.sgd(0.01);
    const loss = (options?: object) =>
      tf.losses.meanSquaredError(y, model.apply(x, options) as tf.Tensor) as tf.Scalar;
    optimizer.minimize(() => loss({ training: true }));
    optimizer.minimize(() => loss());
    model.apply(x);
    model.evaluate(x, y);
    await tracker.addSaturations();
    expect(sizesOf(tracker)).toEqual({
      "train/hidden": "60×6",
      "train/out": "60×3",
      "eval/hidden": "40×6",
      "eval/out": "40×3",
    });
    await tracker.close();
  });

  test("nested models with several outputs and shared layers: each use of a layer in a pass once", async () => {
    const build = () => {
      const inside = tf.input({ shape: [4] });
      const trunk = dense("trunk", 5, { activation: "relu" }).apply(inside) as tf.SymbolicTensor;
      const outputs = [dense("left", 2).apply(trunk), dense("right", 3).apply(trunk)] as tf.SymbolicTensor[];
      const nested = tf.model({ inputs: inside, outputs, name: "nested" });
      const input = tf.input({ shape: [4] });
      const shared = dense("shared", 4);
      const twice = shared.apply(shared.apply(input));
      const joined = tf.layers.concatenate().apply(nested.apply(twice) as tf.SymbolicTensor[]);
      return tf.model({ inputs: input, outputs: dense("out", 3).apply(joined) as tf.SymbolicTensor });
    };
    const model = compiled(seeded(build));
    const tracker = await track({ model });
    await model.fit(x, y, {
      epochs: 2,
      batchSize: 8,
      validationData: [x, y],
      callbacks: tracker.callback(quiet),
    });
    const expected = {
      shared: "40×4",
      "nested-trunk": "20×5",
      "nested-left": "20×2",
      "nested-right": "20×3",
      out: "20×3",
    };
    expect(sizesOf(tracker)).toEqual(
      Object.fromEntries(
        ["train", "eval"].flatMap((phase) =>
          Object.entries(expected).map(([name, size]) => [`${phase}/${name}`, size]),
        ),
      ),
    );
    await tracker.close();
    expect(model.layers.filter((layer) => Object.hasOwn(layer, "call"))).toEqual([]);
  });

  test("layerFilter, includeConv and ignoreLayerNames leave layers out", async () => {
    const model = cnn();
    const trackers = [
      await track({ model, layerFilter: (name) => name !== "conv1" }),
      await track({ model, includeConv: false }),
      await track({ model, ignoreLayerNames: ["conv2", "out"] }),
    ];
    model.predict(images);
    for (const tracker of trackers) await tracker.addSaturations();
    expect(trackers.map((tracker) => Object.keys(sizesOf(tracker)))).toEqual([
      ["eval/conv2", "eval/out"],
      ["eval/out"],
      ["eval/conv1"],
    ]);
    for (const tracker of trackers) await tracker.close();
  });

  test("nothing between stop and resume; scalars and batches go to the save they came before", async () => {
    const model = mlp();
    const tracker = await track({ model });
    model.predict(x);
    tracker.stop();
    expect(tracker.isRecording).toBe(false);
    model.predict(x);
    tracker.resume();
    tracker.addScalar("loss", 0.5);
    const first = tracker.addSaturations();
    model.predict(x.slice(0, 3));
    await first;
    expect(sizesOf(tracker)).toEqual({ "eval/hidden": "20×6", "eval/out": "20×3" });
    expect(tracker.latest?.records[0]).toEqual({ kind: "scalar", name: "loss", value: 0.5 });
    await tracker.addSaturations();
    expect(sizesOf(tracker)).toEqual({ "eval/hidden": "3×6", "eval/out": "3×3" });
    await tracker.close();
  });
});

describe("what stays as it was", () => {
  const train = async (
    model: tf.LayersModel,
    inputs: tf.Tensor,
    callbacks: tf.CustomCallback | undefined,
  ) => {
    const options = {
      epochs: 4,
      batchSize: 6,
      shuffle: false,
      validationData: [inputs, y] as [tf.Tensor, tf.Tensor],
    };
    await model.fit(inputs, y, { ...options, ...(callbacks && { callbacks }) });
    return weightsOf(model);
  };

  const cases = [
    { name: "mlp", build: mlp, inputs: x },
    { name: "cnn", build: cnn, inputs: images },
  ].flatMap((model) => (["pre", "post"] as const).map((activations) => ({ ...model, activations })));

  test.each(cases)(
    "the trained weights, to the last bit ($name, $activations)",
    async ({ build, inputs, activations }) => {
      const plain = await train(build(), inputs, undefined);
      const model = build();
      const tracker = await track({ model, activations });
      expect(await train(model, inputs, tracker.callback(quiet))).toEqual(plain);
      await tracker.close();
    },
  );

  test("the number of tensors, over 1000 batches", async () => {
    const model = mlp();
    const tracker = await track({ model });
    const inputs = normal([400, 4], 5);
    const targets = normal([400, 3], 6);
    const counts: number[] = [];
    const count = { onEpochEnd: async () => void counts.push(tf.memory().numTensors) };
    await model.fit(inputs, targets, {
      epochs: 20,
      batchSize: 8,
      callbacks: [tracker.callback(quiet), count] as tf.CustomCallback[],
    });
    expect(new Set(counts)).toEqual(new Set([counts[0]]));
    expect(counts.length).toBe(20);
    expect(sizesOf(tracker)["train/hidden"]).toBe("400×6");
    await tracker.close();
  });

  test("the model, after detach: no own property is left anywhere", async () => {
    const model = cnn();
    const objects = [model, ...model.layers];
    const before = objects.map((object) => Object.getOwnPropertyNames(object));
    const activations = model.layers.map((layer) => Reflect.get(layer, "activation"));
    const trackers = [await track({ model }), await track({ model, activations: "post" })];
    expect(Object.hasOwn(model.layers[0]!, "call")).toBe(true);
    await model.fit(images, y, { callbacks: trackers.map((tracker) => tracker.callback(quiet)) });
    trackers[0]!.detach();
    model.predict(images);
    await trackers[1]!.close();
    const after = objects.map((object) => Object.getOwnPropertyNames(object));
    // `fit` itself leaves a property (`isTraining`, `history`) on a model that is trained for the first time.
    expect(after.slice(1)).toEqual(before.slice(1));
    expect(after[0]!.filter((name) => ["call", "fit", "fitDataset"].includes(name))).toEqual([]);
    expect(model.layers.map((layer) => Reflect.get(layer, "activation"))).toEqual(activations);
    await trackers[0]!.close();
  });

  test("each of two trackers, and what each wants of one model", async () => {
    const model = mlp();
    const [pre, post] = [
      await track({ model, stats: ["cov"] }),
      await track({ model, activations: "post", stats: ["cov"] }),
    ];
    model.predict(x);
    await pre.addSaturations();
    pre.detach();
    model.predict(x);
    await post.addSaturations();
    expect([sizesOf(pre)["eval/hidden"], sizesOf(post)["eval/hidden"]]).toEqual(["20×6", "40×6"]);
    const output = model.getLayer("hidden").apply(x) as tf.Tensor;
    expectClose(covariancesOf(post)["eval/hidden"]!, covarianceOf(output));
    expect(covariancesOf(pre)["eval/hidden"]).not.toEqual(covariancesOf(post)["eval/hidden"]);
    await pre.close();
    await post.close();
  });
});

describe("a backend whose values come later", () => {
  // The cpu backend under another name: values are read as on a GPU, from a clone, in turn.
  const gpu = { ...tf, getBackend: () => "webgl" } as typeof tf;
  const open = (model: tf.LayersModel) =>
    SaturationTracker.open({ tf: gpu, model, backend: referenceBackend(), stats: ["cov"], logger: silent });

  test("records the same in fit, changes no weight and leaves no tensor", async () => {
    const [here, there] = [mlp(), mlp()];
    const [now, later] = [await track({ model: here, stats: ["cov"] }), await open(there)];
    const options = {
      epochs: 3,
      batchSize: 8,
      shuffle: false,
      validationData: [x, y] as [tf.Tensor, tf.Tensor],
    };
    await here.fit(x, y, { ...options, callbacks: now.callback(quiet) });
    const { numTensors } = tf.memory();
    await there.fit(x, y, { ...options, callbacks: later.callback(quiet) });
    const afterFirst = tf.memory().numTensors;
    await there.fit(x, y, { ...options, callbacks: later.callback(quiet) });
    expect(tf.memory().numTensors).toBe(afterFirst);
    expect(afterFirst - numTensors).toBeLessThanOrEqual(weightsOf(there).length);
    await here.fit(x, y, { ...options, callbacks: now.callback(quiet) });
    expect(weightsOf(there)).toEqual(weightsOf(here));
    expect(covariancesOf(later)).toEqual(covariancesOf(now));
    await now.close();
    await later.close();
  });

  test("a save holds the passes before it and none after, though it is not awaited", async () => {
    const model = mlp();
    const tracker = await open(model);
    model.predict(x);
    tracker.addScalar("loss", 1);
    const first = tracker.addSaturations();
    model.predict(x.slice(0, 3));
    tracker.addScalar("loss", 2);
    await first;
    expect(sizesOf(tracker)).toEqual({ "eval/hidden": "20×6", "eval/out": "20×3" });
    expect(tracker.latest?.records[0]).toEqual({ kind: "scalar", name: "loss", value: 1 });
    await tracker.addSaturations();
    expect(sizesOf(tracker)).toEqual({ "eval/hidden": "3×6", "eval/out": "3×3" });
    await tracker.close();
  });

  test("close takes in what is still on its way", async () => {
    const model = mlp();
    const tracker = await open(model);
    const { numTensors } = tf.memory();
    tf.tidy(() => void model.predict(x));
    const saved = tracker.addSaturations();
    await tracker.close();
    await saved;
    expect(sizesOf(tracker)["eval/hidden"]).toBe("20×6");
    expect(tf.memory().numTensors).toBe(numTensors);
  });
});

describe("when something goes wrong", () => {
  const withNaN = () => tf.tensor([Number.NaN, 1, 2, 3], [1, 4]);

  test("values that are not finite: one warning a layer, the batch is left out, training goes on", async () => {
    const logger = vi.fn();
    const model = mlp();
    const tracker = await track({ model, logger });
    model.predict(x);
    model.predict(withNaN());
    model.predict(withNaN());
    model.predict(x);
    await tracker.addSaturations();
    expect(sizesOf(tracker)).toEqual({ "eval/hidden": "40×6", "eval/out": "40×3" });
    expect(logger.mock.calls.map(([level, , fields]) => [level, fields.layer])).toEqual([
      ["warn", "hidden"],
      ["warn", "out"],
    ]);
    expect(Object.fromEntries(tracker.dropped)).toEqual({ hidden: 2, out: 2 });
    await tracker.close();
  });

  test("onError: throw — the error of the statistics comes out of the forward pass", async () => {
    const model = mlp();
    const tracker = await track({ model, onError: "throw" });
    expect(() => model.predict(withNaN())).toThrow(NonFiniteError);
    expect(model.getLayer("hidden").getConfig()["activation"]).toBe("relu");
    model.predict(x);
    await tracker.addSaturations();
    expect(sizesOf(tracker)["eval/hidden"]).toBe("20×6");
    await tracker.close();
  });

  test("values that cannot be read: one warning a layer, training goes on", async () => {
    const logger = vi.fn();
    const model = mlp();
    const tracker = await track({ model, logger });
    const dataSync = vi.spyOn(tf.Tensor.prototype, "dataSync").mockImplementation(() => {
      throw new Error("device lost");
    });
    model.predict(x);
    model.predict(x);
    dataSync.mockRestore();
    model.predict(x);
    await tracker.addSaturations();
    expect(sizesOf(tracker)).toEqual({ "eval/hidden": "20×6", "eval/out": "20×3" });
    expect(logger.mock.calls.map(([, message]) => message)).toEqual([
      expect.stringMatching(/layer "hidden" \(eval\): .*device lost/),
      expect.stringMatching(/layer "out" \(eval\): .*device lost/),
    ]);
    await tracker.close();
  });

  test("options that cannot work are refused before anything is touched", async () => {
    const model = mlp();
    const refused = (options: object) => SaturationTracker.open({ tf, model, ...options } as never);
    await expect(refused({ tf: {} })).rejects.toThrow("tf must be TensorFlow.js");
    await expect(refused({ model: undefined })).rejects.toThrow(
      "model must be a model or layers, got undefined",
    );
    await expect(refused({ modules: cnn() })).rejects.toThrow(
      "model and modules are the same option, got both",
    );
    await expect(refused({ model: tf.layers.flatten() })).rejects.toThrow(
      "must have a layer to record (dense, convolutional or recurrent, or named by includeLayers), got none",
    );
    await expect(refused({ layerFilter: () => false })).rejects.toThrow("got 2 that the options leave out");
    await expect(refused({ layerFilter: "hidden" })).rejects.toThrow("layerFilter: must be a function");
    await expect(refused({ activation: "pre" })).rejects.toThrow(
      'got "activation"; did you mean "activations"?',
    );
    await expect(refused({ activations: "both" })).rejects.toThrow(
      'must be one of "pre", "post", got "both"',
    );
    await expect(refused({ stats: ["lsta"] })).rejects.toThrow('"lsta"');
    expect(model.layers.filter((layer) => Object.hasOwn(layer, "call"))).toEqual([]);
    expect(Object.hasOwn(model, "fit")).toBe(false);
  });

  test("a closed tracker lets the model run on, and says so when it is used", async () => {
    const model = mlp();
    const tracker = await track({ model });
    await tracker.close();
    await tracker.close();
    model.predict(x);
    await expect(tracker.addSaturations()).rejects.toThrow("closed");
  });
});

describe("device", () => {
  test.each(["auto", "wasm", "reference"] as const)("%s computes the statistics", async (device) => {
    const model = mlp();
    const tracker = await SaturationTracker.open({ tf, model, device, stats: ["idim"] });
    const x = tf.tensor2d([0, 1, 2, 5, 4, 1, 1, 1, 3, 0, 2, 7], [3, 4]);
    tf.dispose([x, model.predict(x) as tf.Tensor]);
    await tracker.addSaturations();
    // Three samples span two directions at most, and here both.
    expect(tracker.latest?.records.map(({ value }) => value)).toEqual([2, 2]);
    await tracker.close();
  });

  test("one that is unknown is refused", async () => {
    const opening = SaturationTracker.open({ tf, model: mlp(), device: "cuda:0" as "auto" });
    await expect(opening).rejects.toThrow(
      "SaturationTracker.open: device must be one of auto, wasm, reference",
    );
  });
});
