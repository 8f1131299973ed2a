import { readFileSync } from "node:fs";
import { type NetworkCase, networkCases } from "@delve/conformance";
import * as node from "onnxruntime-node";
import * as web from "onnxruntime-web";
import { describe, expect, test } from "vitest";
import { type SaturationTracker, type TrackedSession, track } from "../src/index.js";
import { expectSame, type PlainRecord } from "./network-answer.js";

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

function plainRecords({ latest }: SaturationTracker): PlainRecord[] {
  return latest!.records.flatMap((record) => {
    if (record.kind !== "stat" || record.phase !== "eval" || record.value === null) return [];
    const { value } = record;
    return [{ ...record, value: typeof value === "number" ? value : Array.from(value.data) }];
  });
}

describe.each([
  ["onnxruntime-node", node, "cpu"],
  // With both packages in one process, only its name makes sure that a session runs in WebAssembly.
  ["onnxruntime-web", web, "wasm"],
])("%s", (_, ort, provider) => {
  describe.each(["graph", "kernel", "auto"] as const)("where: %s", (where) => {
    test.each(networkCases().map((item): [string, NetworkCase] => [item.name, item]))(
      "%s",
      async (_, network) => {
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
        expectSame(network, { logits, records: plainRecords(tracker) });
        await tracker.close();
      },
    );
  });
});
