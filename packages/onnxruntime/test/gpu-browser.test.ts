// The trained networks in Chromium on WebGPU, with moments on the same device: no layer leaves it.
import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { findOutside, type NetworkCase, networkCases } from "@delve/conformance";
import { type BrowserPage, openBrowserPage } from "@delve/conformance/browser-page";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";

// A GPU in software shares the processors with whatever else the machine does.
vi.setConfig({ testTimeout: 180_000 });

const executable = findOutside("chromium");
const here = dirname(fileURLToPath(import.meta.url));
const networks = networkCases();
const ortFiles = dirname(createRequire(import.meta.url).resolve("onnxruntime-web"));

/** Float32 in another order, against PyTorch; relative to the trace of a covariance. */
const BOUND = 1e-5;

interface Answer {
  logits: number[];
  records: { layer: string; stat: string; value: number | number[]; samples: number; features: number }[];
  /** What `openWebGPU` was asked for; `device`: whether there was one. */
  asked: object[];
  /** Bytes that were read from the GPU since. */
  mapped: number;
}

/** Bytes that a pass reads back: sums of 96 bits in tiles of 32, four words a column, and four for all. */
function resultBytes(features: number): number {
  const tiles = Math.ceil((features + 1) / 32);
  return ((tiles * (tiles + 1)) / 2) * 32 * 32 * 12 + 16 * features + 16;
}

describe.skipIf(executable === null)("networks on one GPU with delve, in Chromium", () => {
  let browser: BrowserPage;

  beforeAll(async () => {
    browser = await openBrowserPage(executable!, {
      contents: readFileSync(join(here, "browser/gpu-page.js"), "utf8"),
      resolveDir: join(here, "browser"),
      files: Object.fromEntries([
        ...networks.map(({ name, model }) => [`/${name}.onnx`, model]),
        ...readdirSync(ortFiles)
          .filter((name) => /^ort-wasm.*\.(wasm|mjs)$/.test(name))
          .map((name) => [`/ort/${name}`, join(ortFiles, name)]),
      ]),
      // The only way to WebGPU without a GPU.
      flags: ["--enable-unsafe-webgpu"],
    });
  });
  afterAll(() => browser?.close());

  const inPage = ({ name, input, batch }: NetworkCase, how: object): Promise<Answer> =>
    browser.page.evaluate(
      (request) => (globalThis as unknown as { job(request: unknown): Promise<Answer> }).job(request),
      {
        model: `/${name}.onnx`,
        provider: "webgpu",
        where: "auto",
        input: Array.from(input.data, Number),
        dims: [...input.shape],
        batch,
        ...how,
      },
    );

  test.each([
    ["mlp", false],
    ["vgg", false],
    ["vgg", true],
  ])("%s (a device of the page's: %s): nothing but results is read back", async (name, explicit) => {
    const network = networks.find((item) => item.name === name)!;
    const found = await inPage(network, { device: "webgpu", explicit });
    expect(found.asked).toEqual([{ device: true }]);
    expectSame(network, found);
    const layers = found.records.filter(({ stat }) => stat === "idim");
    const results = layers.reduce(
      (sum, { samples, features }) => sum + Math.ceil(samples / 16384) * resultBytes(features),
      0,
    );
    const activations = layers.reduce((sum, { samples, features }) => sum + 4 * samples * features, 0);
    // The runtime reads the logits of each run, in pieces of 16 bytes.
    const outputs = found.mapped - results;
    const runs = Math.ceil(network.input.shape[0]! / network.batch);
    expect(outputs).toBeGreaterThanOrEqual(4 * found.logits.length);
    expect(outputs).toBeLessThanOrEqual(4 * found.logits.length + 16 * runs);
    expect(activations).toBeGreaterThan(2 * found.mapped);
  });

  test("recurrent layers are read, and the same", async () => {
    const network = networks.find(({ name }) => name === "lstm")!;
    expectSame(network, await inPage(network, { device: "webgpu" }));
  });

  test("auto takes the Wasm kernel where the GPU is one in software", async () => {
    const network = networks.find(({ name }) => name === "vgg")!;
    const found = await inPage(network, {});
    expect(found.asked).toEqual([
      { device: true, software: false, smallPasses: "kernel", onDeviceLost: "kernel" },
    ]);
    expectSame(network, found);
  });

  test("outputs that stay on the GPU are their owner's", async () => {
    const network = networks.find(({ name }) => name === "vgg")!;
    expectSame(network, await inPage(network, { device: "webgpu", preferredOutputLocation: "gpu-buffer" }));
  });

  test("nothing went wrong", () => {
    expect(browser.problems).toEqual([]);
  });
});

function expectSame(network: NetworkCase, { logits, records }: Answer): void {
  const of = (layer: string, stat: string) =>
    records.find((record) => record.layer === layer && record.stat === stat)!.value;
  for (const { layer, d, covariance, trace, thresholds } of network.layers) {
    const worst = (of(layer, "cov") as number[]).reduce(
      (most, value, i) => Math.max(most, Math.abs(value - covariance[i]!)),
      0,
    );
    expect(worst / trace, layer).toBeLessThan(BOUND);
    const { margin, idim_documented } = thresholds.find(({ threshold }) => threshold === 0.99)!;
    if (margin > d * BOUND) expect(of(layer, "idim"), layer).toBe(idim_documented);
  }
  expect(logits).toHaveLength(network.logits.data.length);
}
