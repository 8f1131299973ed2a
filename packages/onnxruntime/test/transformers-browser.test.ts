// A pipeline of transformers.js in Chromium, on its own copy of onnxruntime-web; everything is served from here.
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { findOutside } from "@delve/conformance";
import { openBrowserPage } from "@delve/conformance/browser-page";
import { expect, test } from "vitest";
// @ts-expect-error: plain JavaScript, as examples are
import { writeTextEncoder } from "../../../examples/lib/text-encoder-files.js";
import { foreign, ortFiles } from "./network-page.js";

const executable = findOutside("chromium");
const entry = fileURLToPath(new URL("../src/index.ts", import.meta.url));
const transformers = realpathSync(createRequire(import.meta.url).resolve("@huggingface/transformers"));

const PAGE = `
  import * as ort from "onnxruntime-web/webgpu";
  import { env, pipeline } from "@huggingface/transformers";
  import { trackPipeline } from ${JSON.stringify(entry)};
  ort.env.wasm.wasmPaths = new URL("/ort/", location.href).href;
  ort.env.wasm.numThreads = 1;
  Object.assign(env, { allowRemoteModels: false, allowLocalModels: true, localModelPath: "/models/", useBrowserCache: false, useWasmCache: false });
  globalThis.job = async (texts) => {
    const load = () => pipeline("feature-extraction", "tiny", { dtype: "fp32", device: "wasm" });
    const { pipe, tracker } = await trackPipeline(ort, load, { stats: ["lsat"] });
    await pipe(texts);
    await tracker.addSaturations();
    return tracker.latest.records.map(({ layer, samples }) => [layer, samples]);
  };`;

test.skipIf(executable === null)("every token of a pipeline is a sample", async () => {
  const folder = mkdtempSync(join(tmpdir(), "delve-transformers-"));
  writeTextEncoder(
    join(folder, "tiny"),
    { layers: 1, width: 8, heads: 2 },
    { mkdirSync, writeFileSync, join },
  );
  const names = ["config.json", "tokenizer.json", "tokenizer_config.json", "onnx/model.onnx"];
  const { page, problems, requests, close } = await openBrowserPage(executable!, {
    contents: PAGE,
    resolveDir: dirname(transformers),
    files: {
      ...Object.fromEntries(names.map((name) => [`/models/tiny/${name}`, join(folder, "tiny", name)])),
      ...ortFiles(transformers),
    },
  });
  try {
    const records = await page.evaluate(
      (texts) => (globalThis as unknown as { job(texts: string[]): Promise<[string, number][]> }).job(texts),
      ["how much of its space", "use it"],
    );
    expect(records).toHaveLength(6);
    // Five and two words, with [CLS] and [SEP].
    expect(records[0]).toEqual(["encoder.layer.0.attention.self.query", 11]);
    expect(foreign(requests)).toEqual([]);
  } finally {
    await close();
    rmSync(folder, { recursive: true, force: true });
  }
  expect(problems).toEqual([]);
});
