import { referenceBackend } from "@delve/kernel/reference";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { dense, normal, tf } from "../../test/support.js";
import {
  changeAllPcaLayerCentering,
  changeAllPcaLayerThresholds,
  changeAllPcaLayerThresholdsAndInjectRandomDirections,
  refreshPcaLayers,
} from "./change-layers.js";
import { pcaLayers } from "./pca-layers.js";

const logger = vi.fn();
const { LinearPCALayer, Conv2DPCALayer } = await pcaLayers(tf, { backend: referenceBackend(), logger });

/** Nested, with one PCA layer of each kind; the first is used twice. */
function network() {
  const conv = new Conv2DPCALayer({ name: "conv" });
  const features = tf.sequential({
    name: "features",
    layers: [tf.layers.inputLayer({ inputShape: [4, 4, 3] }), conv],
  });
  const input = tf.input({ shape: [4, 4, 3] });
  const maps = conv.apply(features.apply(input)) as tf.SymbolicTensor;
  const flat = tf.layers.flatten().apply(maps) as tf.SymbolicTensor;
  const linear = new LinearPCALayer({ name: "linear" });
  const output = linear.apply(dense("dense", 5).apply(flat) as tf.SymbolicTensor) as tf.SymbolicTensor;
  return { model: tf.model({ inputs: input, outputs: output }), conv, linear };
}

const x = normal([40, 4, 4, 3], 1).mul([4, 1, 0.1]);
let net: ReturnType<typeof network>;
beforeEach(() => {
  net = network();
  net.model.apply(x, { training: true });
  logger.mockClear();
});
const predict = () => (net.model.predict(x) as tf.Tensor).dataSync<"float32">().slice();

describe("changeAllPcaLayerThresholds", () => {
  test("changes all layers, and says what they keep, each once", () => {
    const kept = changeAllPcaLayerThresholds(net.model, 0.9, { includeNames: true });
    expect(kept).toEqual({
      saturation: [1 / 3, net.linear.inDim / 5],
      inDims: [1, net.linear.inDim],
      fsDims: [3, 5],
      names: ["features-conv", "linear"],
    });
    expect([net.conv.threshold, net.linear.threshold]).toEqual([0.9, 0.9]);
    expect(changeAllPcaLayerThresholds(net.model, 1).inDims).toEqual([3, 5]);
    expect(changeAllPcaLayerThresholds(net.model, 1)).not.toHaveProperty("names");
  });

  test("does not end the set of samples", () => {
    changeAllPcaLayerThresholds(net.model, 0.5);
    const seen = net.linear.seenSamples;
    net.model.apply(x, { training: true });
    expect(net.linear.seenSamples).toBe(2 * seen);
  });

  test("takes single layers and lists", () => {
    expect(changeAllPcaLayerThresholds([net.linear], 1, { includeNames: true }).names).toEqual(["linear"]);
    expect(changeAllPcaLayerThresholds(net.conv, 1).inDims).toEqual([3]);
  });

  test("layers that have seen nothing keep everything", () => {
    expect(changeAllPcaLayerThresholds(network().model, 0.1)).toEqual({
      saturation: [1, 1],
      inDims: [3, 5],
      fsDims: [3, 5],
    });
  });

  test("verbose for this once", () => {
    changeAllPcaLayerThresholds(net.model, 0.9, { verbose: true });
    expect(logger.mock.calls.map(([, message]) => message.split(":")[0])).toEqual(["conv", "linear"]);
    changeAllPcaLayerThresholds(net.model, 0.9);
    expect(logger).toHaveBeenCalledTimes(2);
    expect([net.conv.verbose, net.linear.verbose]).toEqual([false, false]);
  });

  test("a threshold that is none, a model without PCA layers: refused, nothing changed", () => {
    expect(() => changeAllPcaLayerThresholds(net.model, 1.5)).toThrow("threshold must be in (0, 1], got 1.5");
    expect([net.conv.threshold, net.linear.threshold]).toEqual([0.99, 0.99]);
    const plain = tf.sequential({ layers: [dense("d", 2, { inputShape: [2] })] });
    expect(() => changeAllPcaLayerThresholds(plain, 0.9)).toThrow(
      "changeAllPcaLayerThresholds: model must have a PCA layer, got none",
    );
    class Labelled extends tf.layers.Layer {
      static className = "Labelled";
      readonly layer = "encoder";
    }
    const others = [new Labelled({}), { execute() {}, executeAsync() {} } as never];
    expect(() => changeAllPcaLayerThresholds(others, 0.9)).toThrow("must have a PCA layer, got none");
  });
});

describe("changeAllPcaLayerCentering", () => {
  test("takes effect at once, on convolutions and on linear layers", () => {
    const about = net.linear.seenSamples;
    const kept = changeAllPcaLayerCentering(net.model, true, { includeNames: true });
    expect([net.conv.centering, net.linear.centering]).toEqual([true, true]);
    expect(kept.names).toEqual(["features-conv", "linear"]);
    const centred = predict();
    changeAllPcaLayerCentering(net.model, false);
    expect(predict()).not.toEqual(centred);
    expect(net.linear.seenSamples).toBe(about);
  });

  test("sets downsampling of convolutions, where it is given", () => {
    changeAllPcaLayerCentering(net.model, true, { downsampling: 2 });
    expect(net.conv.downsampling).toBe(2);
    changeAllPcaLayerCentering(net.model, true);
    expect(net.conv.downsampling).toBe(2);
    changeAllPcaLayerCentering(net.model, true, { downsampling: null });
    expect(net.conv.downsampling).toBe(null);
    expect(net.linear).not.toHaveProperty("downsampling");
    expect(() => changeAllPcaLayerCentering(net.model, false, { downsampling: -1 })).toThrow(
      "downsampling must be a positive whole number",
    );
    expect(net.conv.centering).toBe(true);
  });
});

describe("changeAllPcaLayerThresholdsAndInjectRandomDirections", () => {
  const inject = changeAllPcaLayerThresholdsAndInjectRandomDirections;

  test("keeps as many directions, others, in convolutions too", () => {
    const principal = changeAllPcaLayerThresholds(net.model, 0.9, { includeNames: true });
    const before = predict();
    expect(inject(net.model, 0.9, { seed: 1, includeNames: true })).toEqual(principal);
    const random = predict();
    expect(random).not.toEqual(before);
    inject(net.model, 0.9, { seed: 1 });
    expect(predict()).toEqual(random);
    inject(net.model, 0.9, { seed: 2 });
    expect(predict()).not.toEqual(random);
    changeAllPcaLayerThresholds(net.model, 0.9);
    expect(predict()).toEqual(before);
  });

  test("each layer gets directions of its own from the one seed", () => {
    const twins = tf.sequential({
      layers: [new LinearPCALayer({ name: "a", inputShape: [4] }), new LinearPCALayer({ name: "b" })],
    });
    twins.apply(normal([50, 4], 3), { training: true });
    inject(twins, 0.5, { seed: 1 });
    const [a, b] = twins.layers.map((layer) => layer.getWeights()[0]!.dataSync<"float32">());
    expect(a).not.toEqual(b);
  });

  test("refuses what it cannot do, and changes nothing", () => {
    expect(() => inject(net.model, 0.9, { seed: 0.5 })).toThrow("seed must be a whole number, got 0.5");
    expect(() => inject(network().model, 0.9)).toThrow("features-conv must have seen samples, got 0");
    expect(net.conv.threshold).toBe(0.99);
  });
});

test("refreshPcaLayers ends the training phase", async () => {
  expect(net.linear.pcaComputed).toBe(false);
  await refreshPcaLayers(net.model);
  expect([net.linear.pcaComputed, net.conv.pcaComputed, net.linear.epoch]).toEqual([true, true, 1]);
});
