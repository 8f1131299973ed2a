// A pipeline of transformers.js in Chromium, on its own copy of onnxruntime-web; everything is served from here.
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { findOutside } from "@delve/conformance";
import { type BrowserPage, openBrowserPage } from "@delve/conformance/browser-page";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
// @ts-expect-error: plain JavaScript, as examples are
import { writeTextEncoder } from "../../../examples/lib/text-encoder-files.js";
import { foreign, ortFiles } from "./network-page.js";

// A GPU in software shares the processors with whatever else the machine does.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

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
  let submissions = 0;
  const { submit } = GPUQueue.prototype;
  GPUQueue.prototype.submit = function (commands) {
    submissions++;
    return submit.call(this, commands);
  };
  globalThis.job = async (device) => {
    submissions = 0;
    const load = () => pipeline("feature-extraction", "tiny", { dtype: "fp32", device });
    const { pipe, tracker } = await trackPipeline(ort, load, { stats: ["trc"] });
    await pipe(["how much of its space", "use it"]);
    await tracker.addSaturations();
    const { records } = tracker.latest;
    await tracker.close();
    return { records: records.map(({ layer, samples, value }) => ({ layer, samples, value })), submissions };
  };`;

interface Answer {
  records: { layer: string; samples: number; value: number }[];
  /** What the page has queued on a GPU. */
  submissions: number;
}

describe.skipIf(executable === null)("every token of a pipeline is a sample", () => {
  let folder: string;
  let browser: BrowserPage;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "delve-transformers-"));
    const size = { layers: 1, width: 8, heads: 2 };
    writeTextEncoder(join(folder, "tiny"), size, { mkdirSync, writeFileSync, join });
    const names = ["config.json", "tokenizer.json", "tokenizer_config.json", "onnx/model.onnx"];
    browser = await openBrowserPage(executable!, {
      contents: PAGE,
      resolveDir: dirname(transformers),
      files: {
        ...Object.fromEntries(names.map((name) => [`/models/tiny/${name}`, join(folder, "tiny", name)])),
        ...ortFiles(transformers),
      },
      // The only way to WebGPU without a GPU.
      flags: ["--enable-unsafe-webgpu"],
    });
  });
  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const passOn = (device: string): Promise<Answer> =>
    browser.page.evaluate(
      (name) => (globalThis as unknown as { job(device: string): Promise<Answer> }).job(name),
      device,
    );

  test("on wasm, and the same on webgpu", async () => {
    const expected = await passOn("wasm");
    expect(expected.records).toHaveLength(6);
    // Five and two words, with [CLS] and [SEP].
    expect(expected.records[0]).toMatchObject({ layer: "encoder.layer.0.attention.self.query", samples: 11 });
    const found = await passOn("webgpu");
    expect(found.records).toHaveLength(6);
    for (const [i, { layer, samples, value }] of expected.records.entries()) {
      expect(found.records[i]).toMatchObject({ layer, samples });
      // Float32 in another order.
      expect(Math.abs(found.records[i]!.value - value) / value, layer).toBeLessThan(1e-5);
    }
    expect(expected.submissions).toBe(0);
    expect(found.submissions).toBeGreaterThan(0);
  });

  test("nothing went wrong, and nothing was asked of anyone else", () => {
    expect(browser.problems).toEqual([]);
    expect(foreign(browser.requests)).toEqual([]);
  });
});
