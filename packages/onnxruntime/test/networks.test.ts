import { readFileSync } from "node:fs";
import { type NetworkCase, networkCases } from "@delve/conformance";
import * as node from "onnxruntime-node";
import * as web from "onnxruntime-web";
import { describe, expect, test } from "vitest";
import { type SaturationTracker, type TrackedSession, track } from "../src/index.js";

/** PyTorch and ONNX Runtime compute in float32, in another order; relative to the trace of a covariance. */
const BOUND = 1e-5;

/** A whole pass over the digits of a network, in batches as PyTorch had them. */
async function pass(session: TrackedSession, { input, batch }: NetworkCase): Promise<Float32Array> {
  const [images, ...rest] = input.shape as [number, ...number[]];
  const size = input.data.length / images;
  const logits: number[] = [];
  for (let from = 0; from < images; from += batch) {
    const to = Math.min(from + batch, images);
    const data = Float32Array.from(input.data.subarray(from * size, to * size));
    const results = await session.run({ input: new node.Tensor("float32", data, [to - from, ...rest]) });
    expect(Object.keys(results)).toEqual(["logits"]);
    logits.push(...results["logits"].data);
  }
  return Float32Array.from(logits);
}

function statisticOf(tracker: SaturationTracker, layer: string, stat: string): unknown {
  const records = tracker.latest!.records;
  return records.find((r) => r.kind === "stat" && r.layer === layer && r.stat === stat && r.phase === "eval")!
    .value;
}

describe.each([
  ["onnxruntime-node", node, "cpu"],
  // With both packages in one process, only its name makes sure that a session runs in WebAssembly.
  ["onnxruntime-web", web, "wasm"],
])("%s", (_, ort, provider) => {
  describe.each(["graph", "kernel", "auto"] as const)("where: %s", (where) => {
    test.each(networkCases().map((item): [string, NetworkCase] => [item.name, item]))(
      "%s",
      async (name, network) => {
        const session = await track(ort, readFileSync(network.model), {
          stats: ["cov", "idim"],
          where,
          session: { executionProviders: [provider] },
          logger: () => {},
        });
        const { tracker } = session;
        const logits = await pass(session, network);
        await tracker.addSaturations();
        expect(tracker.layers).toEqual(network.layers.map(({ layer }) => layer));
        for (const { layer, d, covariance, trace, thresholds } of network.layers) {
          const { rows, data } = statisticOf(tracker, layer, "cov") as { rows: number; data: Float64Array };
          expect(rows, layer).toBe(d);
          const worst = data.reduce((most, value, i) => Math.max(most, Math.abs(value - covariance[i]!)), 0);
          expect(worst / trace, layer).toBeLessThan(BOUND);
          const at99 = thresholds.find(({ threshold }) => threshold === 0.99)!;
          if (at99.margin > d * BOUND)
            expect(statisticOf(tracker, layer, "idim"), layer).toBe(at99.idim_documented);
        }
        const off = logits.reduce(
          (most, value, i) => Math.max(most, Math.abs(value - network.logits.data[i]!)),
          0,
        );
        expect(off, name).toBeLessThan(1e-4);
        await tracker.close();
      },
    );
  });
});
