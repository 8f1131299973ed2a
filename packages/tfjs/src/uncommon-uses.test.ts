import { setWasmPaths } from "@tensorflow/tfjs-backend-wasm";
import { describe, expect, test } from "vitest";
import { mlp, normal, seeded, sizesOf, tf, track, twoHeaded } from "../test/support.js";
import type { SaturationTracker } from "./index.js";
import { shadow } from "./shadow.js";

// Each forward pass once, also where a model is used in ways that tutorials do not show.
const rows = normal([20, 4], 1);
const targets = normal([20, 3], 2);
const steps = normal([6, 5, 2], 3);
const join = (tensors: tf.SymbolicTensor[]) => tf.layers.concatenate().apply(tensors) as tf.SymbolicTensor;
const outputsOf = (layer: tf.layers.Layer | tf.LayersModel, input: tf.SymbolicTensor) =>
  layer.apply(input) as tf.SymbolicTensor[];

/** Saves, closes, and tells samples × features of what was recorded. */
async function recorded(tracker: SaturationTracker<typeof tf>): Promise<Record<string, string>> {
  await tracker.addSaturations();
  await tracker.close();
  return sizesOf(tracker);
}

const lstmWithStates = () => seeded(() => tf.layers.lstm({ name: "lstm", units: 3, returnState: true }));

describe("a part that tfjs calls once for each of its outputs", () => {
  test("a recurrent layer with its states, handed in without the model", async () => {
    const lstm = lstmWithStates();
    const input = tf.input({ shape: [5, 2] });
    const model = tf.model({ inputs: input, outputs: join(outputsOf(lstm, input)) });
    const tracker = await track({ modules: [lstm] });
    tf.dispose(model.predict(steps));
    expect(await recorded(tracker)).toEqual({ "eval/lstm": "6×3" });
  });

  test("two passes of the same tensor within one tidy are two", async () => {
    const lstm = lstmWithStates();
    const input = tf.input({ shape: [5, 2] });
    const outputs = outputsOf(lstm, input);
    const [alone] = outputs;
    const model = tf.model({ inputs: input, outputs: join(outputs) });
    const tracker = await track({ model });
    tf.tidy(() => {
      for (let pass = 0; pass < 2; pass++) model.apply(steps);
      for (let pass = 0; pass < 2; pass++) model.execute(steps, alone!.name);
    });
    expect(await recorded(tracker)).toEqual({ "eval/lstm": `${4 * 6}×3` });
  });

  test("a nested model, handed in without the one around it", async () => {
    const { model, nested } = twoHeaded();
    const tracker = await track({ model: nested });
    tf.dispose(model.predict(rows));
    tf.dispose(nested.predict(rows));
    expect(await recorded(tracker)).toEqual({
      "eval/trunk": "40×5",
      "eval/left": "40×2",
      "eval/right": "40×3",
    });
  });

  test("a shared one, of which one use takes more outputs than another", async () => {
    const lstm = lstmWithStates();
    const inputs = [tf.input({ shape: [5, 2] }), tf.input({ shape: [5, 2] })] as const;
    const [alone] = outputsOf(lstm, inputs[0]);
    const model = tf.model({
      inputs: [...inputs],
      outputs: join([alone!, ...outputsOf(lstm, inputs[1])]),
    });
    const tracker = await track({ model });
    for (let pass = 0; pass < 3; pass++) tf.dispose(model.apply([steps, tf.neg(steps)]) as tf.Tensor);
    expect(await recorded(tracker)).toEqual({ "eval/lstm": `${3 * 2 * 6}×3` });
  });

  test("one that has failed, and is given the same tensor again", async () => {
    let fails = true;
    class Failing extends tf.layers.Layer {
      static className = "Failing";
      override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
        if (fails) throw new Error("out of order");
        return Array.isArray(inputs) ? inputs[0]! : inputs;
      }
    }
    const { model } = twoHeaded((trunk) => new Failing({}).apply(trunk));
    const tracker = await track({ model, layerFilter: (name) => name !== "nested-trunk" });
    expect(() => model.apply(rows)).toThrow("out of order");
    fails = false;
    for (let pass = 0; pass < 2; pass++) tf.dispose(model.apply(rows) as tf.Tensor);
    expect(await recorded(tracker)).toEqual({ "eval/nested-left": "40×2", "eval/nested-right": "40×3" });
  });
});

describe("in the midst of training", () => {
  const options = { epochs: 2, batchSize: 5, verbose: 0 };
  const during = (onEpochEnd: (epoch: number) => unknown) =>
    ({ onEpochEnd: async (epoch: number) => void (await onEpochEnd(epoch)) }) as tf.CustomCallbackArgs;

  test("a tracker can be opened, another one closed", async () => {
    const model = mlp();
    const first = await track({ model });
    let second: SaturationTracker<typeof tf> | undefined;
    const change = during(async (epoch) => {
      if (epoch > 0) return;
      second = await track({ model });
      first.detach();
    });
    await model.fit(rows, targets, { ...options, callbacks: change });
    const once = { "train/hidden": "20×6", "train/out": "20×3" };
    expect([await recorded(first), await recorded(second!)]).toEqual([once, once]);
  });

  test("a callback that predicts does so for evaluation; so does the share held back for validation", async () => {
    const model = mlp();
    const tracker = await track({ model, ignoreLayerNames: ["out"] });
    const callbacks = during(() => tf.dispose(model.predict(rows)));
    await model.fit(rows, targets, { ...options, validationSplit: 0.25, callbacks });
    expect(await recorded(tracker)).toEqual({ "train/hidden": "30×6", "eval/hidden": "50×6" });
  });

  test("after a training that failed the same callback serves the next", async () => {
    const model = mlp();
    const tracker = await track({ model });
    const ours = tracker.callback({ progress: false });
    const failing = during(() => {
      throw new Error("disk full");
    });
    await expect(
      model.fit(rows, targets, { ...options, callbacks: [failing, ours] as never }),
    ).rejects.toThrow("disk full");
    await model.fit(rows, targets, { ...options, epochs: 1, callbacks: ours });
    expect(sizesOf(tracker)).toEqual({ "train/hidden": "40×6", "train/out": "40×3" });
    await tracker.close();
  });
});

test("a tracker closed in the midst of a pass leaves that pass, and the other tracker, as they were", async () => {
  const model = mlp();
  const plain = (model.predict(rows) as tf.Tensor).dataSync();
  const [first, second] = [await track({ model }), await track({ model })];
  const undo = shadow(model.layers[1]!, "call", (next, args) => {
    first.detach();
    return next(...args);
  });
  expect((model.predict(rows) as tf.Tensor).dataSync()).toEqual(plain);
  undo();
  expect(await recorded(second)).toEqual({ "eval/hidden": "20×6", "eval/out": "20×3" });
  expect(await recorded(first)).toEqual({ "eval/hidden": "20×6" });
});

test("a model that is described, saved and loaded while it is watched: what is loaded is a model of its own", async () => {
  const model = mlp();
  const before = model.toJSON();
  const tracker = await track({ model });
  model.summary(undefined, undefined, () => {});
  expect(model.toJSON()).toEqual(before);
  const saved: tf.io.ModelArtifacts[] = [];
  await model.save(
    tf.io.withSaveHandler(async (artifacts) => {
      saved.push(artifacts);
      return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: "JSON" } };
    }),
  );
  const loaded = await tf.loadLayersModel(tf.io.fromMemory(saved[0]!));
  const [own, theirs] = [model, loaded].map((each) => (each.predict(rows) as tf.Tensor).dataSync());
  expect(theirs).toEqual(own);
  expect(await recorded(tracker)).toEqual({ "eval/hidden": "20×6", "eval/out": "20×3" });
});

test("another backend of tfjs, chosen on the way", async () => {
  setWasmPaths(new URL("../node_modules/@tensorflow/tfjs-backend-wasm/dist/", import.meta.url).pathname);
  const model = mlp();
  const tracker = await track({ model });
  const train = () => model.fit(rows, targets, { epochs: 1, verbose: 0 });
  await train();
  await tf.setBackend("wasm");
  await train();
  await tf.setBackend("cpu");
  tf.dispose(model.predict(rows));
  expect(await recorded(tracker)).toEqual({
    "train/hidden": "40×6",
    "train/out": "40×3",
    "eval/hidden": "20×6",
    "eval/out": "20×3",
  });
});

test("a function with a gradient of its own around a model counts as training", async () => {
  const model = mlp();
  const tracker = await track({ model });
  const around = tf.customGrad((x) => {
    const value = tf.sum(model.apply(x as tf.Tensor) as tf.Tensor);
    return { value, gradFunc: (dy) => tf.mul(dy as tf.Tensor, tf.onesLike(x as tf.Tensor)) };
  });
  tf.grad((x) => around(x))(rows);
  expect(await recorded(tracker)).toEqual({ "train/hidden": "20×6", "train/out": "20×3" });
});
