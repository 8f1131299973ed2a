// Moments in the graph where deviations are small beside the mean, as behind an activation that saturates.
import { referenceBackend } from "@delve/kernel/reference";
import * as node from "onnxruntime-node";
import * as web from "onnxruntime-web";
import { describe, expect, test } from "vitest";
import { track } from "../src/index.js";
import { DataType } from "../src/model/types.js";
import { seededFloats } from "./made-networks.js";
import { makeModel, tensor } from "./make-model.js";

const FEATURES = 4;

/** A layer that gives its input: a convolution of single places, or a product with the unit matrix. */
function identityLayer(kind: "Conv" | "MatMul"): Uint8Array {
  const unit = (i: number): number => (i % (FEATURES + 1) === 0 ? 1 : 0);
  const dims = kind === "Conv" ? [FEATURES, FEATURES, 1] : [FEATURES, FEATURES];
  const shape = kind === "Conv" ? ["n", FEATURES, "places"] : ["n", FEATURES];
  return makeModel({
    opset: 17,
    inputs: [{ name: "x", elemType: DataType.float, shape }],
    outputs: [{ name: "y", elemType: DataType.float }],
    initializers: [tensor("unit.weight", dims, unit)],
    nodes: [
      { opType: kind, inputs: ["x", "unit.weight"], outputs: ["u"] },
      { opType: "Relu", inputs: ["u"], outputs: ["y"] },
    ],
  });
}

/** 10⁶ times as large as they vary; the last feature never changes. */
const shifted = (samples: number, seed: number): Float32Array =>
  seededFloats(samples * FEATURES, seed).map((value, i) =>
    i % FEATURES === FEATURES - 1 ? 1.7e6 : 1e6 + value,
  );

const transposed = (rows: Float32Array): Float32Array => {
  const samples = rows.length / FEATURES;
  return rows.map((_, i) => rows[(i % samples) * FEATURES + Math.floor(i / samples)]!);
};

/** The covariance of rows about their exact mean, summed in two passes. */
function covarianceOf(batches: readonly Float32Array[]): Float64Array {
  const rows = batches.flatMap((batch) => [...batch]);
  const count = rows.length / FEATURES;
  // Differences from one of the rows are exact in float64, and small.
  const offset = rows.map((value, i) => value - rows[i % FEATURES]!);
  const mean = Array.from({ length: FEATURES }, (_, k) => {
    let sum = 0;
    for (let i = k; i < offset.length; i += FEATURES) sum += offset[i]!;
    return sum / count;
  });
  return Float64Array.from({ length: FEATURES ** 2 }, (_, at) => {
    const [j, k] = [Math.floor(at / FEATURES), at % FEATURES];
    let sum = 0;
    for (let i = 0; i < offset.length; i += FEATURES) {
      sum += (offset[i + j]! - mean[j]!) * (offset[i + k]! - mean[k]!);
    }
    return sum / count;
  });
}

const BATCHES = [shifted(200_000, 1), shifted(1, 2), shifted(60_000, 3)];
const EXPECTED = covarianceOf(BATCHES);

describe.each([
  ["onnxruntime-node", node, "cpu"],
  ["onnxruntime-web", web as unknown as typeof node, "wasm"],
])("%s", (_, ort, provider) => {
  test.each(["Conv", "MatMul"] as const)(
    "%s: exact to 1e-12 of the deviations, over batches",
    async (kind) => {
      const session = await track(ort, identityLayer(kind), {
        where: "graph",
        stats: ["cov"],
        timeseriesMethod: "tokenwise",
        backend: referenceBackend(),
        onError: "throw",
        session: { executionProviders: [provider], intraOpNumThreads: 1 },
      });
      for (const rows of BATCHES) {
        const samples = rows.length / FEATURES;
        const feed =
          kind === "Conv"
            ? new ort.Tensor("float32", transposed(rows), [1, FEATURES, samples])
            : new ort.Tensor("float32", rows, [samples, FEATURES]);
        await session.run({ x: feed });
      }
      await session.tracker.addSaturations();
      expect(session.tracker.where.get("unit")?.where).toBe("graph");
      const record = session.tracker.latest!.records[0] as unknown as { value: { data: Float64Array } };
      const variance = (k: number): number => EXPECTED[k * (FEATURES + 1)]!;
      record.value.data.forEach((value, at) => {
        const scale = Math.sqrt(variance(Math.floor(at / FEATURES)) * variance(at % FEATURES));
        expect(Math.abs(value - EXPECTED[at]!), `entry ${at}`).toBeLessThanOrEqual(1e-12 * scale);
      });
      await session.tracker.close();
      await session.release();
    },
  );
});
