// What becomes of a model's own outputs: an output in the middle keeps the runtime from fusing some nodes, so float32
// sums round otherwise.
import { readFileSync } from "node:fs";
import { networkCases } from "@delve/conformance";
import * as ort from "onnxruntime-node";
import { describe, expect, test } from "vitest";
import { track } from "../src/index.js";
import { seededFloats } from "./made-networks.js";

/** Largest change of the outputs as a share of the largest of them: eight units of float32. Seen: none at all. */
const BOUND = 8 * 2 ** -23;

interface Case {
  readonly name: string;
  readonly file: string;
  readonly feeds: Record<string, ort.Tensor>;
}

const cases: Case[] = [
  ...networkCases().map(({ name, model, input }) => ({
    name,
    file: model,
    feeds: { input: new ort.Tensor("float32", Float32Array.from(input.data), [...input.shape]) },
  })),
  {
    name: "mnist",
    file: new URL("../../../examples/data/mnist.onnx", import.meta.url).pathname,
    feeds: { Input3: new ort.Tensor("float32", seededFloats(784, 1).map(Math.abs), [1, 1, 28, 28]) },
  },
];

describe.each(cases)("$name", ({ file, feeds }) => {
  test.each(["graph", "kernel", "paused"] as const)("%s", async (mode) => {
    const bytes = readFileSync(file);
    const bare = await (await ort.InferenceSession.create(bytes)).run(feeds);
    const where = mode === "paused" ? "auto" : mode;
    const { run, tracker } = await track(ort, bytes, {
      where,
      timeseriesMethod: "tokenwise",
      logger: () => {},
    });
    if (mode === "paused") tracker.stop();
    const outputs = await run(feeds);
    expect(Object.keys(outputs)).toEqual(Object.keys(bare));
    for (const key of Object.keys(bare)) {
      const [a, b] = [outputs[key]!.data as Float32Array, bare[key]!.data as Float32Array];
      const largest = b.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
      const off = a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i]!)), 0);
      expect(off / largest).toBeLessThan(BOUND);
    }
    await tracker.close();
  });
});
