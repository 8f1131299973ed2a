// The trained networks in Chromium, in WebAssembly and on WebGPU in software; everything is served from here.
import { readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { findOutside, type NetworkCase, networkCases } from "@delve/conformance";
import { type BrowserPage, openBrowserPage } from "@delve/conformance/browser-page";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const executable = findOutside("chromium");
const here = dirname(fileURLToPath(import.meta.url));
const networks = networkCases();
const ortFiles = dirname(createRequire(import.meta.url).resolve("onnxruntime-web"));

/** Float32 in another order, against PyTorch; relative to the trace of a covariance. */
const BOUND = 1e-5;
/** The same of the logits themselves. */
const LOGITS = 1e-4;

interface Answer {
  logits: number[];
  places: { where: string; reason: string }[];
  records: { layer: string; stat: string; value: number | number[] }[];
}

/** The files that a page may fetch: models, and what onnxruntime-web loads. */
const files = Object.fromEntries([
  ...networks.map(({ name, model }) => [`/${name}.onnx`, model]),
  ...readdirSync(ortFiles)
    .filter((name) => /^ort-wasm.*\.(wasm|mjs)$/.test(name))
    .map((name) => [`/ort/${name}`, join(ortFiles, name)]),
]);

describe.skipIf(executable === null).each([
  { build: "onnxruntime-web", provider: "wasm", wheres: ["graph", "kernel", "auto"] },
  { build: "onnxruntime-web/webgpu", provider: "webgpu", wheres: ["auto"] },
])("$build on $provider in Chromium", ({ build, provider, wheres }) => {
  let browser: BrowserPage;

  beforeAll(async () => {
    browser = await openBrowserPage(executable!, {
      contents: `import * as ort from "${build}";
        import { job } from "./job.js";
        globalThis.job = (request) => job(ort, request);`,
      resolveDir: join(here, "browser"),
      files,
      // The only way to WebGPU without a GPU.
      flags: ["--enable-unsafe-webgpu"],
    });
  });
  afterAll(() => browser?.close());

  const inPage = ({ name, input, batch }: NetworkCase, where: string, more: object = {}): Promise<Answer> =>
    browser.page.evaluate(
      (request) => (globalThis as unknown as { job(request: unknown): Promise<Answer> }).job(request),
      {
        model: `/${name}.onnx`,
        provider,
        where,
        input: Array.from(input.data, Number),
        dims: [...input.shape],
        batch,
        ...more,
      },
    );

  for (const where of wheres) {
    test.each(networks.map((item): [string, NetworkCase] => [item.name, item]))(
      `%s, where: ${where}`,
      async (_, network) => check(network, await inPage(network, where)),
    );
  }

  test.runIf(provider === "webgpu")(
    "outputs that stay on the GPU are read by nobody but their owner",
    async () => {
      const network = networks.find(({ name }) => name === "vgg")!;
      check(network, await inPage(network, "auto", { preferredOutputLocation: "gpu-buffer" }));
    },
  );

  test("nothing went wrong, and nothing was asked of anyone else", () => {
    expect(browser.problems).toEqual([]);
    expect(
      browser.requests.filter((address) => !/^(http:\/\/127\.0\.0\.1|blob:|data:)/.test(address)),
    ).toEqual([]);
  });
});

function check(network: NetworkCase, { logits, records, places }: Answer): void {
  const of = (layer: string, stat: string) =>
    records.find((record) => record.layer === layer && record.stat === stat)!.value;
  expect(places).toHaveLength(network.layers.length);
  for (const { layer, d, covariance, trace, thresholds } of network.layers) {
    const worst = (of(layer, "cov") as number[]).reduce(
      (most, value, i) => Math.max(most, Math.abs(value - covariance[i]!)),
      0,
    );
    expect(worst / trace, layer).toBeLessThan(BOUND);
    const { margin, idim_documented } = thresholds.find(({ threshold }) => threshold === 0.99)!;
    if (margin > d * BOUND) expect(of(layer, "idim"), layer).toBe(idim_documented);
  }
  const off = logits.reduce((most, value, i) => Math.max(most, Math.abs(value - network.logits.data[i]!)), 0);
  expect(off).toBeLessThan(LOGITS);
}
