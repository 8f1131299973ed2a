import { loadKernel } from "@delve/kernel";
import { referenceBackend } from "@delve/kernel/reference";
import { describe, expect, test } from "vitest";
import { dense, normal, seeded, silent, tf, track, twoHeaded, weightsOf } from "../../test/support.js";
import { SaturationTracker } from "../tracker.js";
import { pcaLayers } from "./pca-layers.js";
import type { PcaLayer } from "./pca-types.js";

const { LinearPCALayer, Conv2DPCALayer } = await pcaLayers(tf, {
  backend: await loadKernel(),
  logger: silent,
});

type AnyPca = tf.layers.Layer & PcaLayer;
const pcaOf = (model: tf.LayersModel): AnyPca[] =>
  model.layers.filter((layer): layer is AnyPca => "injectRandomDirections" in layer);

/** 6 → dense 8 → PCA → tanh → dense 3, compiled; without PCA the same but for it. */
function mlp({ withPca = true, keepdim = true } = {}): tf.Sequential {
  const model = seeded(() =>
    tf.sequential({
      layers: [
        dense("hidden", 8, { inputShape: [6] }),
        ...(withPca ? [new LinearPCALayer({ threshold: 0.9, name: "pca", keepdim })] : []),
        ...(keepdim ? [tf.layers.activation({ activation: "tanh" }), dense("out", 3)] : []),
      ],
    }),
  );
  model.compile({ optimizer: tf.train.sgd(0.05), loss: "meanSquaredError" });
  return model;
}

/** conv 4 → PCA → ReLU → flatten → dense 3 → PCA. */
function cnn(): tf.Sequential {
  const model = seeded(() =>
    tf.sequential({
      layers: [
        tf.layers.conv2d({
          filters: 4,
          kernelSize: 3,
          inputShape: [6, 6, 1],
          kernelInitializer: tf.initializers.heNormal({ seed: 1 }),
        }),
        new Conv2DPCALayer({ threshold: 0.8, name: "convPca", centering: true, downsampling: 2 }),
        tf.layers.activation({ activation: "relu" }),
        tf.layers.flatten(),
        dense("out", 3),
        new LinearPCALayer({ threshold: 0.7, name: "outPca", mean: "ignore", verbose: true }),
      ],
    }),
  );
  model.compile({ optimizer: tf.train.sgd(0.05), loss: "meanSquaredError" });
  return model;
}

const [x, y] = [normal([64, 6], 1), normal([64, 3], 2)];
const [images, labels] = [normal([32, 6, 6, 1], 3), normal([32, 3], 4)];
const predict = (model: tf.LayersModel, input: tf.Tensor): Float32Array =>
  tf.tidy(() => (model.predict(input) as tf.Tensor).dataSync<"float32">().slice());

/** Saved as artifacts and loaded again, as `model.save` and `tf.loadLayersModel` do it anywhere. */
async function reloaded(model: tf.LayersModel): Promise<tf.LayersModel> {
  let saved: tf.io.ModelArtifacts | undefined;
  await model.save(
    tf.io.withSaveHandler(async (artifacts) => {
      saved = artifacts;
      return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: "JSON" } };
    }),
  );
  // By way of JSON, as a file would have it.
  const modelTopology = JSON.parse(JSON.stringify(saved!.modelTopology));
  return tf.loadLayersModel(tf.io.fromMemory({ ...saved!, modelTopology }));
}

describe("in fit", () => {
  test("training computes the same bits as without; validation is projected, epoch by epoch", async () => {
    const [plain, projected] = [mlp({ withPca: false }), mlp()];
    const options = { epochs: 3, batchSize: 16, shuffle: false, verbose: 0 } as const;
    await plain.fit(x, y, options);
    const history = await projected.fit(x, y, { ...options, validationData: [x, y] });
    const trained = projected.trainableWeights.map((weight) => weight.read().dataSync<"float32">());
    expect(trained).toEqual(weightsOf(plain));
    const [pca] = pcaOf(projected);
    expect([pca!.epoch, pca!.seenSamples, pca!.pcaComputed]).toEqual([3, 64, true]);
    expect(pca!.inDim).toBeLessThan(8);
    expect(history.history["val_loss"]![2]).not.toBe(history.history["loss"]![2]);
  });

  test("no tensors are left behind", async () => {
    const model = cnn();
    const run = async () => {
      await model.fit(images, labels, {
        epochs: 1,
        batchSize: 8,
        verbose: 0,
        validationData: [images, labels],
      });
      predict(model, images);
      for (const pca of pcaOf(model)) pca.injectRandomDirections({ seed: 1 });
      void model.weights;
    };
    await run();
    const before = tf.memory().numTensors;
    await run();
    expect(tf.memory().numTensors).toBe(before);
    model.dispose();
  });

  test("a tracker beside them sees the layers, and they see the batches", async () => {
    const model = mlp();
    const tracker = await track({ model, stats: ["lsat"], layerFilter: (name) => name !== "pca" });
    await model.fit(x, y, { epochs: 1, verbose: 0, callbacks: tracker.callback({ progress: false }) });
    expect(tracker.layers).toEqual(["hidden", "out"]);
    expect(pcaOf(model)[0]!.seenSamples).toBe(64);
    await tracker.close();
    expect(tracker).toBeInstanceOf(SaturationTracker);
  });
});

describe("saved and loaded", () => {
  test.each([
    ["mlp", mlp, x, y],
    ["cnn", cnn, images, labels],
    ["mlp without keepdim", () => mlp({ keepdim: false }), x, normal([64, 8], 5)],
  ] as const)("%s projects the same, to the last bit", async (_, build, input, target) => {
    const model = build();
    await model.fit(input, target, { epochs: 2, verbose: 0 });
    const output = predict(model, input);
    const copy = await reloaded(model);
    expect(predict(copy, input)).toEqual(output);
    for (const [i, pca] of pcaOf(copy).entries()) {
      const original = pcaOf(model)[i]!;
      expect(pca.getConfig()).toEqual(original.getConfig());
      for (const key of ["inDim", "fsDim", "epoch", "seenSamples", "pcaComputed"] as const) {
        expect(pca[key], key).toBe(original[key]);
      }
    }
  });

  test("it goes on where it was: the threshold, and the samples of an unfinished set", async () => {
    const model = mlp();
    await model.fit(x, y, { epochs: 1, verbose: 0 });
    const copy = await reloaded(model);
    const [original, pca] = [pcaOf(model)[0]!, pcaOf(copy)[0]!];
    expect([pca.pcaComputed, pca.seenSamples]).toEqual([false, 64]);
    for (const one of [model, copy]) one.apply(x, { training: true });
    expect(pca.seenSamples).toBe(128);
    expect(predict(copy, x)).toEqual(predict(model, x));
    for (const one of [original, pca]) one.threshold = 0.5;
    expect(pca.inDim).toBe(original.inDim);
    expect(predict(copy, x)).toEqual(predict(model, x));
  });

  test("random directions travel too", async () => {
    const model = mlp();
    model.apply(x, { training: true });
    predict(model, x);
    pcaOf(model)[0]!.injectRandomDirections({ seed: 9 });
    const copy = await reloaded(model);
    expect(predict(copy, x)).toEqual(predict(model, x));
  });

  test("weights can be handed from model to model", () => {
    const [model, other] = [mlp(), mlp()];
    model.apply(x, { training: true });
    const output = predict(model, x);
    other.apply(x.mul(3), { training: true });
    other.setWeights(model.getWeights());
    expect(predict(other, x)).toEqual(output);
    expect(pcaOf(other)[0]!.seenSamples).toBe(64);
    // Those of a model that has not seen anything: neither has this one then.
    other.setWeights(mlp().getWeights());
    expect([pcaOf(other)[0]!.seenSamples, pcaOf(other)[0]!.epoch]).toEqual([0, 0]);
  });

  test("weights that something has changed are refused, not misread", () => {
    const model = mlp();
    model.apply(x, { training: true });
    const good = model.getWeights().map((weight) => weight.clone());
    model.setWeights(good.map((weight) => weight.mul(0.5)));
    // Each time anew: nothing is projected with a state that is half another's.
    for (let i = 0; i < 2; i++) {
      expect(() => predict(model, x)).toThrow(
        "pca: weights must be those of a PCA layer, unchanged, got others (",
      );
    }
    model.setWeights(good);
    expect(predict(model, x)).toHaveLength(192);
  });

  test("untrained models can be saved and loaded as well", async () => {
    const model = mlp();
    const copy = await reloaded(model);
    expect(predict(copy, x)).toEqual(predict(model, x));
    expect(pcaOf(copy)[0]!.epoch).toBe(0);
  });
});

test("layers can be wrapped and nested", async () => {
  const inner = tf.sequential({
    layers: [dense("hidden", 5, { inputShape: [6] }), new LinearPCALayer({ name: "pca" })],
  });
  const model = tf.sequential({ layers: [tf.layers.timeDistributed({ layer: inner, inputShape: [3, 6] })] });
  const steps = normal([20, 3, 6], 1);
  model.apply(steps, { training: true });
  const [, pca] = inner.layers as AnyPca[];
  expect(predict(model, steps)).toHaveLength(300);
  expect(pca!.epoch).toBe(1);
});

test("inside a nested model with several outputs a watched model's batches count once", async () => {
  const pca = new LinearPCALayer({ name: "pca" });
  const { model } = twoHeaded((trunk) => pca.apply(trunk));
  const tracker = await track({ model });
  for (let pass = 0; pass < 2; pass++) model.apply(normal([20, 4], pass), { training: true });
  await tracker.close();
  expect(pca.seenSamples).toBe(40);
});

test("a change of tfjs's backend changes how values are read, layer built or not", async () => {
  let backend = "cpu";
  const classes = await pcaLayers({ ...tf, getBackend: () => backend } as typeof tf);
  const pca = new classes.LinearPCALayer({ name: "pca" });
  const waiting: [string, number][] = [];
  for (backend of ["cpu", "webgl", "webgpu"]) {
    pca.apply(normal([8, 3], 1), { training: true });
    waiting.push([backend, pca.waiting]);
  }
  // WebGPU alone cannot be waited for.
  expect(waiting).toEqual([
    ["cpu", 0],
    ["webgl", 0],
    ["webgpu", 1],
  ]);
  await pca.refresh();
  expect(pca.seenSamples).toBe(24);
  // The classes made last are the ones that loading finds.
  await pcaLayers(tf);
});

test("it takes what it needs: not TensorFlow.js, no device", async () => {
  await expect(pcaLayers({} as never)).rejects.toThrow("pcaLayers: tf must be TensorFlow.js with layers");
  await expect(pcaLayers(tf, { device: "cuda:0" as never })).rejects.toThrow(
    "pcaLayers: device must be one of",
  );
  const { LinearPCALayer: Own } = await pcaLayers(tf, { backend: referenceBackend() });
  expect(Own.className).toBe("LinearPCALayer");
  // The classes made last are the ones that loading finds.
  await pcaLayers(tf, { backend: await loadKernel() });
});
