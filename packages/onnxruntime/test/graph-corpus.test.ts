import * as ort from "onnxruntime-node";
import { describe, expect, test } from "vitest";
import { track } from "../src/index.js";
import { DataType } from "../src/model/types.js";
import { ATTENTION_FAMILIES } from "./corpus/attention-families.js";
import { type Family, modelOf, wave } from "./corpus/family.js";
import { FLOAT_FAMILIES } from "./corpus/float-families.js";
import { QUANTIZED_FAMILIES } from "./corpus/quantized-families.js";
import { makeModel } from "./make-model.js";
import { feedOf } from "./run-model.js";

// Every operator, in the operator sets in which the nodes that compute moments change: those nodes and the kernel
// give the same covariance, and the output of a quantised model is what it was, bit for bit.

/** Reductions take their axes as inputs since 13 and 18; the nodes stand in an If, which is free enough since 11. */
const OPSETS = [10, 11, 13, 18, 23];

/**
 * Of the trace: float64, summed in another order. The processor computes float16 in float32, and where the runtime
 * rounds back to float16 depends on what else reads a value: there the values themselves part by a rounding.
 */
const same = (type: number): number => (type === DataType.float16 ? 2 ** -10 : 1e-12);

describe.each([
  ["float layers", FLOAT_FAMILIES],
  ["attention", ATTENTION_FAMILIES],
  ["quantised layers", QUANTIZED_FAMILIES],
])("%s: the graph and the kernel agree", (_, families) => {
  test.each(families)("$op", (family) => checkFamily(family, families === QUANTIZED_FAMILIES));
});

async function checkFamily(family: Family, exact: boolean): Promise<void> {
  const opsets = new Set([family.since, ...OPSETS.filter((opset) => opset > family.since)]);
  for (const type of family.types) for (const opset of opsets) await check(family, type, opset, exact);
}

async function check(family: Family, type: number, opset: number, exact: boolean): Promise<void> {
  const what = `${family.op}, opset ${opset}, type ${type}`;
  const made = family.make(type, opset);
  const bytes = makeModel(modelOf(made, type, opset));
  const feeds = { [type === DataType.float ? "in" : "x"]: feedOf(DataType.float, made.dims, wave) };
  const runtime = { intraOpNumThreads: 1, interOpNumThreads: 1, logSeverityLevel: 4 } as const;
  const bare = await ort.InferenceSession.create(bytes, runtime);
  const expected = (await bare.run(feeds))["y"]!.data;
  await bare.release();
  const [graph, kernel] = [await run("graph"), await run("kernel")];
  if (made.features !== null) expect(graph.where, what).toBe(opset < 11 ? "kernel" : "graph");
  const trace = kernel.covariance.reduce((a, b, i) => (i % (kernel.features + 1) === 0 ? a + b : a), 0);
  expect(trace, what).toBeGreaterThan(0);
  graph.covariance.forEach((value, i) => {
    expect(Math.abs(value - kernel.covariance[i]!) / trace, what).toBeLessThan(same(type));
  });

  async function run(where: "graph" | "kernel") {
    const session = await track(ort, bytes, {
      where,
      stats: ["cov"],
      timeseriesMethod: "tokenwise",
      onError: "throw",
      session: runtime,
      logger: () => {},
    });
    const { y } = await session.run(feeds);
    if (exact) expect(y!.data, what).toEqual(expected);
    await session.tracker.addSaturations();
    const [record] = session.tracker.latest!.records;
    const { data, rows } = (record as unknown as { value: { data: Float64Array; rows: number } }).value;
    const [place] = session.tracker.where.values();
    await session.tracker.close();
    await session.release();
    return { covariance: data, features: rows, where: place!.where };
  }
}
