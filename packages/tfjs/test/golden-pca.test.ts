import { isFailure, numpyNormal, oddPcaCases, type PcaCase, pcaCases } from "@delve/conformance";
import { loadKernel } from "@delve/kernel";
import { describe, expect, test } from "vitest";
import {
  changeAllPcaLayerCentering,
  changeAllPcaLayerThresholds,
  changeAllPcaLayerThresholdsAndInjectRandomDirections,
} from "../src/pca/change-layers.js";
import { pcaLayers } from "../src/pca/pca-layers.js";
import type { LinearPcaLayerArgs } from "../src/pca/pca-types.js";
import { PCA_DIFFERENCES } from "./goldens/pca-differences.js";
import { plainProjection } from "./plain-projection.js";
import { silent, tf } from "./support.js";

// Delve's recorded PCA layers, replayed with layers of tfjs that ignore the mean as it does; then affine.
const { LinearPCALayer, Conv2DPCALayer } = await pcaLayers(tf, {
  backend: await loadKernel(),
  logger: silent,
});

type PcaLayerOfTfjs = InstanceType<typeof LinearPCALayer>;

/** float32 products on both sides. */
const BOUND = 1e-6;

const train = (layer: tf.layers.Layer, x: tf.Tensor): Float32Array =>
  (layer.apply(x, { training: true }) as tf.Tensor).dataSync<"float32">();
const evaluate = (layer: tf.layers.Layer, x: tf.Tensor): tf.Tensor => layer.apply(x) as tf.Tensor;
const valuesOf = (x: tf.Tensor): Float32Array => x.dataSync<"float32">();
const tensorOf = ({ data, shape }: { data: Float32Array | Float64Array; shape: readonly number[] }) =>
  tf.tensor(data, [...shape], "float32");

const difference = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  expect(a.length).toBe(b.length);
  return Math.max(...Array.from(a, (value, i) => Math.abs(value - b[i]!)));
};

function layerOf({ layer, threshold, centering, downsampling }: PcaCase): PcaLayerOfTfjs {
  const shared = { threshold, centering, mean: "ignore" } as const;
  if (layer === "LinearPCALayer") return new LinearPCALayer(shared);
  return new Conv2DPCALayer({ ...shared, downsampling, dataFormat: "channelsFirst" });
}

const percent = (saturation: readonly number[]) =>
  saturation.map((share) => Number((100 * share).toFixed(4)));

describe("every event of Delve's recorded layers", () => {
  test.each(pcaCases())("$id", (golden) => {
    const layer = layerOf(golden);
    const outcomes = new Map<string, number>();
    const count = (outcome: string) => outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    let differs: string | null = null;
    for (const event of golden.events) {
      if (event.op === "train") {
        const x = tensorOf(event.input);
        expect(train(layer, x)).toEqual(valuesOf(x));
        differs = null;
      } else if (event.op === "eval") {
        const { output, rank } = event.expected;
        const own = valuesOf(evaluate(layer, tensorOf(event.input)));
        const agrees = difference(own, output.data) < BOUND * Math.max(...output.data.map(Math.abs));
        if (differs === null) expect([layer.inDim, agrees]).toEqual([rank, true]);
        else expect(PCA_DIFFERENCES[differs]).toBeTypeOf("string");
        count(differs ?? "same");
      } else if (event.op === "set_centering") {
        changeAllPcaLayerCentering(layer, event.value);
        differs = "set_centering, then a forward pass";
      } else if (event.op === "set_centering_and_threshold") {
        layer.centering = event.centering;
        layer.threshold = event.threshold;
      } else {
        const { threshold, returns } = event;
        const kept =
          event.op === "change_all_pca_layer_thresholds"
            ? changeAllPcaLayerThresholds(layer, threshold)
            : changeAllPcaLayerThresholdsAndInjectRandomDirections(layer, threshold, {
                normal: numpyNormal(event.seed),
              });
        expect([percent(kept.saturation), kept.inDims, kept.fsDims]).toEqual([
          returns.sat,
          returns.in_dims,
          returns.fs_dims,
        ]);
        if (event.op === "inject_random_directions" && golden.layer === "Conv2DPCALayer") {
          differs = "inject_random_directions into a Conv2DPCALayer";
        }
      }
    }
    expect(Object.fromEntries(outcomes)).toEqual({
      same: golden.layer === "LinearPCALayer" ? 11 : 10,
      "set_centering, then a forward pass": 1,
      ...(golden.layer === "Conv2DPCALayer" && { "inject_random_directions into a Conv2DPCALayer": 1 }),
    });
  });
});

describe("the affine projection of the same samples, against a plain one", () => {
  const whole = pcaCases().filter(({ downsampling }) => downsampling === null);
  const featuresLast = (x: tf.Tensor) => (x.rank === 4 ? tf.transpose(x, [0, 2, 3, 1]) : x);
  const rowsOf = (x: tf.Tensor, features: number) =>
    featuresLast(x).reshape([-1, features]).arraySync() as number[][];

  test.each(whole)("$id", ({ layer: kind, events, features }) => {
    const affine = { threshold: 0.8, centering: true } as const;
    const layer =
      kind === "LinearPCALayer"
        ? new LinearPCALayer(affine)
        : new Conv2DPCALayer({ ...affine, dataFormat: "channelsFirst" });
    const end = events.findIndex(({ op }) => op === "eval");
    const seen = events.slice(0, end).flatMap((event) => (event.op === "train" ? tensorOf(event.input) : []));
    for (const x of seen) train(layer, x);
    const asked = events[end] as Extract<(typeof events)[number], { op: "eval" }>;
    const x = tensorOf(asked.input);
    const own = rowsOf(evaluate(layer, x), features);
    expect(layer.inDim).toBeLessThan(features);
    const samples = seen.flatMap((batch) => rowsOf(batch, features));
    const plain = plainProjection(samples, layer.inDim, rowsOf(x, features)).flat();
    expect(difference(own.flat(), plain)).toBeLessThan(BOUND * Math.max(...plain.map(Math.abs)));
  });

  test("there are some of either kind", () => {
    expect(new Set(whole.map(({ layer }) => layer))).toEqual(new Set(["LinearPCALayer", "Conv2DPCALayer"]));
  });
});

describe("every odd case (pca/odd)", () => {
  const { x: golden, cases } = oddPcaCases();
  const x = tensorOf(golden);
  const trained = (args: LinearPcaLayerArgs) => {
    const layer = new LinearPCALayer({ mean: "ignore", ...args });
    train(layer, x);
    return layer;
  };
  const coordinates = (name: string) => {
    const [, centering, threshold] = /centering_(\w+)_thr_(.+)$/.exec(name)!;
    const layer = trained({ keepdim: false, centering: centering === "True", threshold: Number(threshold) });
    return evaluate(layer, x);
  };
  const absolute = (values: Float32Array) => values.map(Math.abs);

  /** What is the same. */
  const same: Record<string, (outcome: never, name: string) => void> = {
    linear_keepdim_false_centering_False: compareCoordinates,
    "linear_keepdim_false_centering_True_thr_0.999": compareCoordinates,
    linear_zero_training_data: ({ in_dim, sat }: { in_dim: number; sat: number }) => {
      const layer = new LinearPCALayer({ mean: "ignore" });
      train(layer, tf.zeros([20, 4]));
      const flat = valuesOf(evaluate(layer, x));
      expect([layer.inDim, percent([layer.saturation])]).toEqual([in_dim, [sat]]);
      expect(flat.filter((value) => value !== 0)).toHaveLength(20);
    },
    rvs: (outcome: { dim: number; q: number[][] }[]) => {
      // Compared number by number in the tests of rvs.
      expect(outcome.map(({ dim, q }) => [dim, q.length])).toEqual([1, 2, 3, 5].map((dim) => [dim, dim]));
    },
  };

  function compareCoordinates({ shape, abs_y }: { shape: number[]; abs_y: number[][] }, name: string): void {
    const own = coordinates(name);
    expect(own.shape).toEqual(shape);
    expect(difference(absolute(valuesOf(own)), abs_y.flat())).toBeLessThan(4 * BOUND);
  }

  /** What comes instead. */
  const instead: Record<string, (outcome: never, name: string) => void> = {
    linear_eval_before_training: letsThrough,
    conv_eval_before_training: () => {
      const maps = tf.zeros([1, 2, 2, 3]);
      expect(valuesOf(evaluate(new Conv2DPCALayer(), maps))).toEqual(valuesOf(maps));
    },
    linear_threshold_set_before_training: letsThrough,
    "linear_keepdim_false_centering_True_thr_0.5": ({ abs_y }: { abs_y: number[][] }, name: string) => {
      const own = coordinates(name);
      expect(own.shape).toEqual([20, 1]);
      const once = abs_y.map(([value]) => value!);
      expect(difference(absolute(valuesOf(own)), once)).toBeLessThan(4 * BOUND);
    },
    "linear_keepdim_false_centering_True_thr_0.9": (outcome: unknown, name: string) => {
      expect(isFailure(outcome)).toBe(true);
      expect(coordinates(name).shape).toEqual([20, 3]);
    },
    network_of_two_names_and_returns: (outcome: Record<string, unknown[]>) => {
      const layer = trained({ name: "own" });
      expect(outcome["0.5"]![3]).toEqual(["Lin-0", "Conv-0"]);
      expect(changeAllPcaLayerThresholds(layer, 0.5, { includeNames: true })).toEqual({
        saturation: [0.25],
        inDims: [1],
        fsDims: [4],
        names: ["own"],
      });
    },
    change_all_pca_layer_centering_exists: (exists: boolean) => {
      expect([exists, typeof changeAllPcaLayerCentering]).toEqual([false, "function"]);
    },
  };

  function letsThrough(): void {
    const layer = new LinearPCALayer();
    layer.threshold = 0.5;
    expect(valuesOf(evaluate(layer, x))).toEqual(valuesOf(x));
  }

  test.each(cases)("$name", ({ name, outcome }) => {
    const reason = PCA_DIFFERENCES[name];
    const check = reason === undefined ? (same[name] ?? same[name.replace(/_thr_.*/, "")]) : instead[name];
    check!(outcome as never, name);
  });
});
