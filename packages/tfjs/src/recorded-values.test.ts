import type { MatrixValue } from "@delve/stats";
import { describe, expect, test, vi } from "vitest";
import { dense, mlp, normal, seeded, sizesOf, statsOf, tf, track } from "../test/support.js";
import type { SaturationTracker } from "./index.js";

// That what is recorded of a layer are the values it puts out, where that is not plain to see.
const steps = normal([20, 4, 3], 1);
const rows = normal([20, 4], 2);

const covariancesOf = (tracker: SaturationTracker<typeof tf>): Record<string, number[]> =>
  Object.fromEntries(
    statsOf(tracker).map(({ layer, value }) => [layer, [...(value as MatrixValue).data]] as const),
  );

/** Covariances of the layers of a model that is run once. */
async function covariances(model: tf.LayersModel, x: tf.Tensor, options: object = {}) {
  const tracker = await track({ model, stats: ["cov"], ...options });
  tf.dispose(model.predict(x));
  await tracker.addSaturations();
  await tracker.close();
  return covariancesOf(tracker);
}

/** Covariances of tensors that stand for a layer's outputs. */
async function covarianceOf(...outputs: tf.Tensor[]): Promise<number[]> {
  const layer = tf.layers.activation({ activation: "linear", name: "as it is" });
  const tracker = await track({ model: layer, includeLayers: ["Activation"], stats: ["cov"] });
  for (const output of outputs) layer.apply(output);
  await tracker.addSaturations();
  await tracker.close();
  return covariancesOf(tracker)["as it is"]!;
}

/** A model of one layer, with weights that depend on their shapes alone. */
function modelOf(layer: tf.layers.Layer, x: tf.Tensor): tf.LayersModel {
  const input = tf.input({ shape: x.shape.slice(1) });
  const model = tf.model({ inputs: input, outputs: layer.apply(input) as tf.SymbolicTensor });
  model.setWeights(model.getWeights().map(({ shape }, i) => normal(shape, 10 + i)));
  return model;
}

const lstm = (rest: object = {}) => tf.layers.lstm({ units: 3, name: "a", ...rest });
const bidirectional = (mergeMode: "concat" | null, rest: object = {}) =>
  tf.layers.bidirectional({
    name: "a",
    layer: tf.layers.gru({ units: 3, ...rest }) as never,
    mergeMode: mergeMode as "concat",
  });

describe("recurrent layers", () => {
  test("with states: the output alone, as without", async () => {
    const plain = await covariances(modelOf(lstm(), steps), steps);
    expect(await covariances(modelOf(lstm({ returnState: true }), steps), steps)).toEqual(plain);
  });

  test.each([false, true])(
    "directions that are not merged stand as if joined (sequences: %s)",
    async (returnSequences) => {
      const options = { timeseriesMethod: "tokenwise" };
      const rest = { returnSequences };
      const joined = await covariances(modelOf(bidirectional("concat", rest), steps), steps, options);
      expect(joined["a"]?.length).toBe(6 * 6);
      expect(await covariances(modelOf(bidirectional(null, rest), steps), steps, options)).toEqual(joined);
    },
  );

  test("pre and post are the same, which is what the layer puts out", async () => {
    const model = modelOf(lstm(), steps);
    const output = await covarianceOf(model.predict(steps) as tf.Tensor);
    for (const activations of ["pre", "post"]) {
      expect(await covariances(model, steps, { activations })).toEqual({ a: output });
    }
  });

  test("a cell that is handed in by itself: every step of every sequence", async () => {
    const cell = tf.layers.gruCell({ units: 3, name: "cell" });
    const model = modelOf(tf.layers.rnn({ cell, returnSequences: true }), steps);
    const output = tf.reshape(model.predict(steps) as tf.Tensor, [80, 3]);
    const options = { modules: [cell as unknown as tf.layers.Layer], model: undefined };
    const recorded = (await covariances(model, steps, options))["cell"]!;
    const expected = await covarianceOf(output);
    for (const [i, value] of recorded.entries()) expect(value).toBeCloseTo(expected[i]!, 12);
  });
});

describe("other layers", () => {
  test("a layer of a user's own that extends Dense and overrides call is taken as it is", async () => {
    class Doubled extends (tf.layers.dense({ units: 1 }).constructor as new (
      args: object,
    ) => tf.layers.Layer) {
      static className = "DoubledDense";
      override call(inputs: tf.Tensor | tf.Tensor[], kwargs: object): tf.Tensor {
        return tf.tidy(() => tf.mul(super.call(inputs, kwargs as never) as tf.Tensor, 2));
      }
    }
    const model = modelOf(new Doubled({ units: 3, activation: "tanh", name: "a" }), rows);
    const plain = model.predict(rows) as tf.Tensor;
    const expected = await covarianceOf(plain);
    for (const activations of ["pre", "post"]) {
      const tracker = await track({ model, activations: activations as "pre", stats: ["cov"] });
      expect((model.predict(rows) as tf.Tensor).dataSync()).toEqual(plain.dataSync());
      await tracker.addSaturations();
      await tracker.close();
      expect(covariancesOf(tracker)["a"]).toEqual(expected);
    }
  });

  test("a shared layer's samples are those of all its uses", async () => {
    const shared = seeded(() => dense("a", 4, { activation: "linear" }));
    const input = tf.input({ shape: [4] });
    const once = shared.apply(input) as tf.SymbolicTensor;
    const model = tf.model({ inputs: input, outputs: shared.apply(once) as tf.SymbolicTensor });
    const first = shared.apply(rows) as tf.Tensor;
    const second = shared.apply(first) as tf.Tensor;
    expect(await covariances(model, rows)).toEqual({ a: await covarianceOf(first, second) });
  });

  test("normalisation on request: what it puts out", async () => {
    const model = modelOf(tf.layers.layerNormalization({ name: "a" }), rows);
    const output = await covarianceOf(model.predict(rows) as tf.Tensor);
    expect(await covariances(model, rows, { includeLayers: ["LayerNormalization"] })).toEqual({ a: output });
  });
});

test("maxSamples bounds what waits for a GPU, too", async () => {
  const later = { ...tf, getBackend: () => "webgpu" } as typeof tf;
  const model = mlp();
  const tracker = await track({ model, maxSamples: 10 }, later);
  const { numTensors } = tf.memory();
  // One pass after another, without a turn of the event loop, as in a validation inside fit.
  tf.dispose(model.predict(rows, { batchSize: 4 }));
  expect(tf.memory().numTensors - numTensors).toBe(3 * model.layers.length);
  await tracker.addSaturations();
  expect(sizesOf(tracker)).toEqual({ "eval/hidden": "10×6", "eval/out": "10×3" });
  expect(tf.memory().numTensors).toBe(numTensors);
  await tracker.close();
});

test("a WebGPU that holds too much is warned of, once", async () => {
  const later = { ...tf, getBackend: () => "webgpu" } as typeof tf;
  const copy = { data: async () => new Float32Array(0), dispose: () => {} };
  const huge = { shape: [2 ** 13, 2 ** 13], dtype: "float32", clone: () => copy } as unknown as tf.Tensor;
  const layer = tf.layers.dense({ name: "a", units: 2 });
  layer.call = () => huge;
  const logger = vi.fn();
  const tracker = await track({ model: layer, logger }, later);
  for (let pass = 0; pass < 3; pass++) layer.call(rows, {});
  expect(logger.mock.calls.map(([level, message]) => `${level}: ${message}`)).toEqual([
    "warn: 512 MiB of outputs wait on the GPU to be read. Await tracker.flush() between batches, or set maxSamples",
  ]);
  await tracker.close();
});
