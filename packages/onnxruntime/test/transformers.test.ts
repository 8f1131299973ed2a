import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { env, pipeline } from "@huggingface/transformers";
import * as ort from "onnxruntime-node";
import { afterAll, beforeAll, expect, test } from "vitest";
// @ts-expect-error: plain JavaScript, as examples are
import { writeTextEncoder } from "../../../examples/lib/text-encoder-files.js";
import { type PipelineOptions, trackPipeline } from "../src/index.js";

const WIDTH = 8;
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "delve-transformers-"));
  writeTextEncoder(
    join(folder, "tiny"),
    { layers: 2, width: WIDTH, heads: 2 },
    { mkdirSync, writeFileSync, join },
  );
  env.allowRemoteModels = false;
  env.localModelPath = folder;
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const load = () => pipeline("feature-extraction", "tiny", { dtype: "fp32" });
const TEXTS = ["how much of its space does each layer use", "a short one"];
/** With [CLS] and [SEP]. */
const TOKENS = [11, 5];

async function samplesOf(options: PipelineOptions): Promise<Map<string, number>> {
  const { pipe, tracker } = await trackPipeline(ort, load, { stats: ["lsat"], ...options });
  await pipe(TEXTS);
  await tracker.addSaturations();
  const { records } = tracker.latest!;
  await tracker.close();
  return new Map(records.flatMap((r) => (r.kind === "stat" ? [[r.layer, r.samples]] : [])));
}

test("every layer, and every token but padding is a sample", async () => {
  const samples = await samplesOf({});
  expect([...samples.keys()]).toEqual(
    [0, 1].flatMap((i) =>
      [
        "attention.self.query",
        "attention.self.key",
        "attention.self.value",
        "attention.output.dense",
        "intermediate.dense",
        "output.dense",
      ].map((part) => `encoder.layer.${i}.${part}`),
    ),
  );
  expect(new Set(samples.values())).toEqual(new Set([TOKENS[0]! + TOKENS[1]!]));
});

test("padding counts if one says so; the last real token of each text", async () => {
  expect(new Set((await samplesOf({ mask: null })).values())).toEqual(new Set([2 * TOKENS[0]!]));
  const last = await samplesOf({ timeseriesMethod: "last_timestep" });
  expect(new Set(last.values())).toEqual(new Set([2]));
});

test("the pipeline gives what it gave, and ONNX Runtime is left as it was", async () => {
  const { create } = ort.InferenceSession;
  const bare = await load();
  const expected = await bare(TEXTS, { pooling: "mean" });
  const { pipe, tracker, trackers } = await trackPipeline(ort, load);
  expect(ort.InferenceSession.create).toBe(create);
  const got = await pipe(TEXTS, { pooling: "mean" });
  expect(got.dims).toEqual([2, WIDTH]);
  const off = Array.from(got.data, (value, i) => Math.abs(Number(value) - Number(expected.data[i])));
  expect(Math.max(...off)).toBeLessThan(1e-5);
  expect([...trackers.keys()]).toEqual(["model"]);
  await tracker.close();
  await pipe.dispose();
});

test("two pipelines that are loaded at once have a tracker each", async () => {
  const { create } = ort.InferenceSession;
  const failing = trackPipeline(ort, () => Promise.reject(new Error("no such model")));
  const [, ...tracked] = await Promise.all([
    expect(failing).rejects.toThrow("no such model"),
    trackPipeline(ort, load, { stats: ["lsat"] }),
    trackPipeline(ort, load, { stats: ["lsat"], layerFilter: (name) => name.endsWith("query") }),
  ]);
  expect(ort.InferenceSession.create).toBe(create);
  await Promise.all(tracked.map(({ pipe }) => pipe(TEXTS)));
  const layers = tracked.map(({ tracker }) => tracker.layers.length);
  expect(layers).toEqual([12, 2]);
  for (const { tracker } of tracked) {
    await tracker.addSaturations();
    for (const record of tracker.latest!.records) expect(record).toMatchObject({ samples: 16 });
    await tracker.close();
  }
});

test("another copy of ONNX Runtime is refused", async () => {
  const other = { InferenceSession: { create: ort.InferenceSession.create } };
  await expect(trackPipeline(other, load)).rejects.toThrow("must be the copy of ONNX Runtime");
});
