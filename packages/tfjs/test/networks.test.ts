// PyTorch's trained networks, rebuilt in tfjs: delve must say of them here what PyTorch and Delve said there.
import "@tensorflow/tfjs-backend-wasm";
import { type NetworkLayer, networkCases } from "@delve/conformance";
import { referenceBackend } from "@delve/kernel/reference";
import { intrinsicDimensionality, type MatrixValue } from "@delve/stats";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { SaturationTracker } from "../src/index.js";
import { nameOf, rebuild } from "./networks.js";
import { statsOf, tf, track } from "./support.js";

/**
 * Of the trace. A sum of n float32 products is off by ε√n of its size or so, whatever the order of its terms: for
 * two forward passes that order them differently some 1e-7 a layer, and less in a covariance of hundreds of rows.
 * Seen: 2e-8.
 */
const COVARIANCE = 1e-6;
/** PyTorch's own logits and ONNX Runtime's differ by 2e-5. */
const LOGITS = 2e-5;

describe.each(["cpu", "wasm"])("on the tfjs %s backend", (backend) => {
  beforeAll(async () => void (await tf.setBackend(backend)));
  afterAll(async () => void (await tf.setBackend("cpu")));

  describe.each(networkCases())("$name", (network) => {
    let tracker: SaturationTracker<typeof tf>;
    let logits: Float32Array;
    let leftOver: number;

    beforeAll(async () => {
      const { model, input } = rebuild(network);
      tracker = await track({ model, stats: ["cov", "idim"] });
      const before = tf.memory().numTensors;
      const output = model.predict(input, { batchSize: network.batch }) as tf.Tensor;
      logits = (await output.data<"float32">()).slice();
      output.dispose();
      leftOver = tf.memory().numTensors - before;
      await tracker.addSaturations();
      model.dispose();
      input.dispose();
    });
    afterAll(() => tracker?.close());

    test("gives PyTorch's logits, and leaves no tensor behind", () => {
      const worst = Math.max(...logits.map((value, i) => Math.abs(value - network.logits.data[i]!)));
      expect(logits).toHaveLength(network.logits.data.length);
      expect(worst).toBeLessThan(LOGITS);
      expect(leftOver).toBe(0);
    });

    test("has PyTorch's layers", () => {
      expect(tracker.layers).toEqual(network.layers.map(({ layer }) => nameOf(layer)));
    });

    test.each(network.layers)(
      "$layer has the samples and the covariance that PyTorch and Delve found",
      (layer) => {
        const { samples, features } = recordOf(tracker, layer, "cov");
        expect({ samples, features }).toEqual({ samples: layer.n, features: layer.d });
        const differences = differencesOf(covarianceOf(tracker, layer), layer);
        const worst = Math.max(...differences.map(Math.abs));
        expect(worst / layer.trace).toBeLessThan(COVARIANCE);
      },
    );

    test.each(network.layers)("$layer has their intrinsic dimensionality", (layer) => {
      const { order, upper } = upperOf(covarianceOf(tracker, layer));
      const spectrum = referenceBackend().eigvalsh({ order, upper }).reverse();
      // By Weyl and Mirsky the eigenvalues move by no more, all together, than the nuclear norm of the difference.
      const moved = Math.sqrt(order) * Math.hypot(...differencesOf(covarianceOf(tracker, layer), layer));
      const decided = layer.thresholds.filter(({ margin }) => margin > (2 * moved) / layer.trace);
      expect(decided).toEqual(layer.thresholds);
      for (const { threshold, idim_documented } of layer.thresholds) {
        expect(intrinsicDimensionality(spectrum, threshold)).toBe(idim_documented);
      }
      const usual = layer.thresholds.find(({ threshold }) => threshold === 0.99)!;
      expect(recordOf(tracker, layer, "idim").value).toBe(usual.idim_documented);
    });
  });
});

function recordOf(tracker: SaturationTracker<typeof tf>, { layer }: NetworkLayer, stat: string) {
  return statsOf(tracker).find((record) => record.layer === nameOf(layer) && record.stat === stat)!;
}

function covarianceOf(tracker: SaturationTracker<typeof tf>, layer: NetworkLayer): MatrixValue {
  return recordOf(tracker, layer, "cov").value as MatrixValue;
}

function differencesOf({ data }: MatrixValue, { covariance }: NetworkLayer): number[] {
  return Array.from(data, (value, i) => value - covariance[i]!);
}

function upperOf({ rows: order, data }: MatrixValue): { order: number; upper: Float64Array } {
  const upper: number[] = [];
  for (let i = 0; i < order; i++) upper.push(...data.subarray(i * order + i, (i + 1) * order));
  return { order, upper: Float64Array.from(upper) };
}
