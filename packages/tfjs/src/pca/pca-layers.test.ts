import { referenceBackend } from "@delve/kernel/reference";
import { PcaSubspace, project, sampleMatrixOf } from "@delve/stats";
import { describe, expect, test, vi } from "vitest";
import { normal, tf } from "../../test/support.js";
import { pcaLayers } from "./pca-layers.js";
import type { Conv2DPcaLayerArgs, LinearPcaLayerArgs } from "./pca-types.js";

const logger = vi.fn();
const { LinearPCALayer, Conv2DPCALayer } = await pcaLayers(tf, { backend: referenceBackend(), logger });

const linear = (args: LinearPcaLayerArgs = {}) => new LinearPCALayer({ threshold: 0.9, ...args });
const conv = (args: Conv2DPcaLayerArgs = {}) => new Conv2DPCALayer({ threshold: 0.9, ...args });

const train = (layer: tf.layers.Layer | tf.LayersModel, x: tf.Tensor): tf.Tensor =>
  layer.apply(x, { training: true }) as tf.Tensor;
const evaluate = (layer: tf.layers.Layer | tf.LayersModel, x: tf.Tensor): Float32Array =>
  (layer.apply(x) as tf.Tensor).dataSync<"float32">();
const valuesOf = (x: tf.Tensor): Float32Array => x.dataSync<"float32">();

/** Samples about (2, 2, …) of which the first two features carry almost all the variance. */
function batch(seed: number, rows = 60, features = 4): tf.Tensor2D {
  const scales = tf.tensor1d([5, 3, ...new Array(features - 2).fill(0.05)]);
  return normal([rows, features], seed).mul(scales).add(2) as tf.Tensor2D;
}

const difference = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  expect(a.length).toBe(b.length);
  return Math.max(0, ...Array.from(a, (value, i) => Math.abs(value - b[i]!)));
};

/** float32 products of numbers up to 20. */
const BOUND = 1e-5;

/** What a layer should make of `x`, in float64. */
function expected(
  x: tf.Tensor2D,
  seen: tf.Tensor2D[],
  options: { threshold?: number; centering?: boolean } = {},
) {
  const rows = (tensor: tf.Tensor2D) => sampleMatrixOf({ data: valuesOf(tensor), shape: tensor.shape });
  const pca = new PcaSubspace(referenceBackend(), x.shape[1], { threshold: 0.9, ...options });
  for (const one of seen) pca.update(rows(one));
  return project(pca.projection, rows(x)).data;
}

describe("LinearPCALayer", () => {
  test("training lets everything through, evaluation projects onto what was seen", () => {
    const layer = linear();
    const [a, b, x] = [batch(1), batch(2), batch(3, 7)];
    expect(valuesOf(train(layer, a))).toEqual(valuesOf(a));
    train(layer, b);
    expect([layer.pcaComputed, layer.seenSamples, layer.epoch]).toEqual([false, 120, 0]);
    expect(difference(evaluate(layer, x), expected(x, [a, b]))).toBeLessThan(BOUND);
    expect([layer.pcaComputed, layer.inDim, layer.fsDim, layer.saturation, layer.epoch]).toEqual([
      true,
      2,
      4,
      0.5,
      1,
    ]);
  });

  test("the first training pass after an evaluation begins a new set", () => {
    const layer = linear();
    const [a, b, x] = [batch(1), batch(2), batch(3, 7)];
    train(layer, a);
    evaluate(layer, x);
    train(layer, b);
    expect([layer.pcaComputed, layer.seenSamples]).toEqual([false, 60]);
    expect(difference(evaluate(layer, x), expected(x, [b]))).toBeLessThan(BOUND);
    expect(layer.epoch).toBe(2);
  });

  test("before any training everything is let through", () => {
    const layer = linear();
    const x = batch(1);
    expect(evaluate(layer, x)).toEqual(valuesOf(x));
    expect([layer.pcaComputed, layer.inDim]).toEqual([false, 4]);
  });

  test("without keepdim: the coordinates in the subspace", () => {
    const layer = linear({ keepdim: false });
    const x = batch(1);
    train(layer, x);
    const output = layer.apply(x) as tf.Tensor;
    expect(output.shape).toEqual([60, 2]);
    const full = linear();
    train(full, x);
    const about = (values: Float32Array | Float64Array, mean: ArrayLike<number>, width: number) =>
      Array.from(values).reduce((sum, value, i) => sum + (value - mean[i % width]!) ** 2, 0);
    const mean = valuesOf(x.mean(0));
    const moved = about(evaluate(full, x), mean, 4);
    expect(about(valuesOf(output), [0, 0], 2) / moved).toBeCloseTo(1, 5);
    expect(layer.computeOutputShape([null, 4])).toEqual([null, null]);
    layer.threshold = 0.5;
    expect((layer.apply(x) as tf.Tensor).shape).toEqual([60, 1]);
  });

  test("centering false and mean ignore project linearly", () => {
    const [seen, x] = [batch(1), batch(3, 7)];
    const uncentred = linear({ centering: false });
    train(uncentred, seen);
    expect(difference(evaluate(uncentred, x), expected(x, [seen], { centering: false }))).toBeLessThan(BOUND);
    const ignoring = linear({ mean: "ignore" });
    train(ignoring, seen);
    expect(valuesOf(ignoring.apply(tf.zeros([1, 4])) as tf.Tensor)).toEqual(new Float32Array(4));
    const keeping = linear();
    train(keeping, seen);
    expect(Math.max(...valuesOf(keeping.apply(tf.zeros([1, 4])) as tf.Tensor))).toBeGreaterThan(0.5);
  });

  test("threshold and centering can be changed at any time", () => {
    const [seen, more, x] = [batch(1), batch(2), batch(3, 7)];
    const layer = linear();
    train(layer, seen);
    layer.threshold = 0.5;
    expect([layer.inDim, layer.pcaComputed]).toEqual([1, false]);
    train(layer, more);
    expect(layer.seenSamples).toBe(120);
    expect(difference(evaluate(layer, x), expected(x, [seen, more], { threshold: 0.5 }))).toBeLessThan(BOUND);
    layer.centering = false;
    const uncentred = expected(x, [seen, more], { threshold: 0.5, centering: false });
    expect(difference(evaluate(layer, x), uncentred)).toBeLessThan(BOUND);
  });

  test("sequences: every step is a sample", () => {
    const layer = linear();
    const x = batch(1, 60);
    train(layer, x.reshape([10, 6, 4]));
    expect(layer.seenSamples).toBe(60);
    const output = layer.apply(x.reshape([10, 6, 4])) as tf.Tensor;
    expect(output.shape).toEqual([10, 6, 4]);
    expect(difference(valuesOf(output), expected(x, [x]))).toBeLessThan(BOUND);
  });

  test("a loop that forgets the flag counts as training while a gradient is recorded", () => {
    const layer = linear();
    const x = batch(1);
    const slope = tf.grad((input: tf.Tensor) => (layer.apply(input) as tf.Tensor).sum());
    expect(valuesOf(slope(x))).toEqual(new Float32Array(240).fill(1));
    expect(layer.seenSamples).toBe(60);
    evaluate(layer, x);
    // Told that it is an evaluation, it is: gradients go through the projection.
    const projected = tf.grad((input: tf.Tensor) =>
      (layer.apply(input, { training: false }) as tf.Tensor).sum(),
    );
    expect(difference(valuesOf(projected(x)), new Float32Array(240).fill(1))).toBeGreaterThan(0.1);
    expect(layer.seenSamples).toBe(60);
  });

  test("gradientEpochStart: from that epoch on training passes are projected as well", () => {
    const layer = linear({ gradientEpochStart: 2 });
    const x = batch(1);
    for (let epoch = 0; epoch < 2; epoch++) {
      expect(valuesOf(train(layer, x))).toEqual(valuesOf(x));
      evaluate(layer, x);
    }
    expect(difference(valuesOf(train(layer, x)), expected(x, [x]))).toBeLessThan(BOUND);
    expect(layer.seenSamples).toBe(60);
    const slope = tf.grad((input: tf.Tensor) => train(layer, input).sum());
    expect(difference(valuesOf(slope(x)), new Float32Array(240).fill(1))).toBeGreaterThan(0.1);
  });

  test("random directions: as many, until something changes", () => {
    const layer = linear();
    const x = batch(1);
    train(layer, x);
    const principal = evaluate(layer, x);
    layer.injectRandomDirections({ seed: 1 });
    const random = evaluate(layer, x);
    expect(difference(random, principal)).toBeGreaterThan(1);
    layer.injectRandomDirections({ seed: 1 });
    expect(evaluate(layer, x)).toEqual(random);
    layer.threshold = 0.9;
    expect(evaluate(layer, x)).toEqual(principal);
    expect(layer.inDim).toBe(2);
  });

  test("verbose tells of every projection; a batch that cannot be used is dropped, once with a warning", () => {
    const layer = linear({ verbose: true, name: "talkative" });
    const x = batch(1);
    const bad = tf.fill([3, 4], Number.NaN);
    logger.mockClear();
    train(layer, x);
    train(layer, bad);
    train(layer, bad);
    evaluate(layer, x);
    evaluate(layer, x);
    expect(logger.mock.calls.map(([level, message]) => [level, message])).toEqual([
      ["warn", expect.stringContaining("talkative: a batch was dropped:")],
      ["info", "talkative: projects onto 2 of 4 directions (saturation 0.5000), from 60 samples"],
    ]);
    expect(layer.seenSamples).toBe(60);
  });

  test("bad arguments are refused", () => {
    expect(() => linear({ threshold: 0, name: "p1" })).toThrow("p1: threshold must be in (0, 1], got 0");
    expect(() => linear({ mean: "lose" as never, name: "p2" })).toThrow(
      'p2.mean: must be one of "keep", "ignore"',
    );
    expect(() => linear({ gradientEpochStart: -1, name: "p3" })).toThrow(
      "p3: gradientEpochStart must be 0 or more",
    );
    expect(() => conv({ downsampling: 0, name: "p4" })).toThrow(
      "p4: downsampling must be a positive whole number",
    );
    expect(() => conv({ dataFormat: "NCHW" as never, name: "p5" })).toThrow("p5.dataFormat: must be one of");
    expect(() => conv({ name: "p6" }).build([null, 4])).toThrow("p6: needs feature maps of 4 axes, got 2");
    expect(() => linear({ name: "p7" }).build([null, null])).toThrow("p7: needs a known number of features");
    expect(() => linear({ name: "p8" }).inDim).toThrow("p8: must be built first");
    const layer = linear({ name: "p9" });
    expect(() => {
      layer.threshold = 2;
    }).toThrow("p9: threshold must be in (0, 1], got 2");
    expect(layer.threshold).toBe(0.9);
  });
});

describe("Conv2DPCALayer", () => {
  test("every place is a sample; both data formats agree", () => {
    const x = batch(1, 2 * 5 * 3);
    const maps = x.reshape([2, 5, 3, 4]);
    const [last, first] = [conv(), conv({ dataFormat: "channelsFirst" })];
    train(last, maps);
    train(first, maps.transpose([0, 3, 1, 2]));
    expect([last.seenSamples, first.seenSamples, last.centering]).toEqual([30, 30, false]);
    const wanted = expected(x, [x], { centering: false });
    expect(difference(evaluate(last, maps), wanted)).toBeLessThan(BOUND);
    const output = first.apply(maps.transpose([0, 3, 1, 2])) as tf.Tensor;
    expect(output.shape).toEqual([2, 4, 5, 3]);
    expect(difference(valuesOf(output.transpose([0, 2, 3, 1])), wanted)).toBeLessThan(BOUND);
  });

  test("downsampling thins what is accumulated, not what is projected", () => {
    const maps = batch(1, 2 * 6 * 6).reshape([2, 6, 6, 4]);
    const layer = conv({ downsampling: 3 });
    expect(train(layer, maps).shape).toEqual([2, 6, 6, 4]);
    expect(layer.seenSamples).toBe(18);
    expect((layer.apply(maps) as tf.Tensor).shape).toEqual([2, 6, 6, 4]);
    layer.downsampling = null;
    train(layer, maps);
    expect(layer.seenSamples).toBe(72);
  });
});
