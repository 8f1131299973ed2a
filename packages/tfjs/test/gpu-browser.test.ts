// The digits example in Chromium on tfjs's webgpu backend, with moments on the same device: no activation leaves it.
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import { findOutside } from "@delve/conformance";
import { type BrowserPage, openBrowserPage } from "@delve/conformance/browser-page";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { type Evaluated, evaluate, type PlainRecord, type Trained, train } from "./browser/job.js";
import { tf } from "./support.js";

// A GPU in software shares the processors with whatever else the machine does.
vi.setConfig({ testTimeout: 180_000 });

const executable = findOutside("chromium");
const here = dirname(fileURLToPath(import.meta.url));
const digits = join(here, "../../../examples/data/digits.csv.gz");

/** Two forward passes that order their float32 sums differently, relative to a trace, as in `browser.test.ts`. */
const FORWARD = 1e-6;
/** The same after a little training. */
const TRAINING = 1e-3;

/** What the page tells beside the results. */
interface OnGpu {
  /** What `openWebGPU` was asked for; `device`: whether it was tfjs's. */
  asked: object[];
  /** Bytes that were read from the GPU since. */
  mapped: number;
}

/** Bytes that a pass reads back: sums of 96 bits in tiles of 32, four words a column, and four for all. */
function resultBytes(features: number): number {
  const tiles = Math.ceil((features + 1) / 32);
  return ((tiles * (tiles + 1)) / 2) * 32 * 32 * 12 + 16 * features + 16;
}

describe.skipIf(executable === null)("the digits example on one GPU with delve, in Chromium", () => {
  let browser: BrowserPage;
  let csv: string;
  let trained: Trained;
  let evaluated: Evaluated;

  const inPage = <T>(task: "train" | "evaluate", device?: string, options?: object): Promise<T & OnGpu> =>
    browser.page.evaluate(
      (request) => (globalThis as unknown as { job(request: unknown): Promise<T & OnGpu> }).job(request),
      { task, device, options, weights: trained.weights },
    );

  beforeAll(async () => {
    browser = await openBrowserPage(executable!, {
      contents: readFileSync(join(here, "browser/gpu-page.js"), "utf8"),
      resolveDir: join(here, "browser"),
      files: { "/digits.csv.gz": digits },
      // The only way to WebGPU without a GPU.
      flags: ["--enable-unsafe-webgpu"],
    });
    csv = gunzipSync(readFileSync(digits)).toString();
    const silenced = vi.spyOn(process.stderr, "write").mockReturnValue(true);
    trained = await train(tf, csv);
    silenced.mockRestore();
    evaluated = await evaluate(tf, csv, trained.weights);
  });
  afterAll(() => browser?.close());

  test("a pass gives the statistics of Node, and no activation is read back", async () => {
    const found = await inPage<Evaluated>("evaluate", "webgpu");
    expect(found.asked).toEqual([{ device: true }]);
    expectSameRecords(found.records, evaluated.records);
    expect(found.leftOver).toBe(0);
    const layers = found.records.flatMap((record) =>
      record.kind === "stat" && record.stat === "lsat" ? [record] : [],
    );
    const results = layers.reduce(
      (sum, { samples, features }) => sum + Math.ceil(samples / 16384) * resultBytes(features),
      0,
    );
    const activations = layers.reduce((sum, { samples, features }) => sum + 4 * samples * features, 0);
    // The page reads the scores itself.
    expect(found.mapped).toBe(results + 4 * found.scores.length);
    expect(activations).toBeGreaterThan(5 * found.mapped);
  });

  test.each(["mean", "max"])(
    "convolutions by their %s: neither is anything read back",
    async (convMethod) => {
      const found = await inPage<Evaluated>("evaluate", "webgpu", { convMethod });
      const expected = await evaluate(tf, csv, trained.weights, { convMethod });
      expectSameRecords(found.records, expected.records);
      const results = found.records.reduce((sum, record) => {
        if (record.kind !== "stat" || record.stat !== "lsat") return sum;
        // A mean has more digits than a float32, and comes in two.
        const numbers = convMethod === "mean" && record.layer.startsWith("conv") ? 2 : 1;
        return sum + resultBytes(numbers * record.features);
      }, 0);
      expect(found.mapped).toBe(results + 4 * found.scores.length);
    },
  );

  test("training gives the statistics of Node", async () => {
    const found = await inPage<Trained>("train", "webgpu");
    expect(found.leftOver).toBe(0);
    expect(found.records.map(nameOf)).toEqual(trained.records.map(nameOf));
    for (const [i, record] of found.records.entries()) {
      const expected = trained.records[i]!.value as number;
      expect(Math.abs((record.value as number) - expected) / expected, nameOf(record)).toBeLessThan(TRAINING);
    }
  });

  test("auto takes the Wasm kernel where the GPU is one in software", async () => {
    const found = await inPage<Evaluated>("evaluate");
    const asked = { device: true, software: false, smallPasses: "kernel", onDeviceLost: "kernel" };
    expect(found.asked).toEqual([asked]);
    expectSameRecords(found.records, evaluated.records);
  });

  test("no error is on the page's console", () => {
    expect(browser.problems).toEqual([]);
  });
});

function expectSameRecords(found: readonly PlainRecord[], expected: readonly PlainRecord[]): void {
  expect(found.map(nameOf)).toEqual(expected.map(nameOf));
  for (const [i, { value }] of found.entries()) {
    const truth = expected[i]!.value;
    if (typeof truth === "number") expect(value).toBe(truth);
    else {
      const off = Math.max(...truth.map((element, k) => Math.abs(element - (value as number[])[k]!)));
      expect(off).toBeLessThan(FORWARD * traceOf(truth));
    }
  }
}

const nameOf = (record: PlainRecord): string =>
  record.kind === "scalar"
    ? record.name
    : `${record.phase} ${record.layer} ${record.stat} of ${record.samples}`;

/** Sum of the diagonal of a matrix that is given row by row. */
function traceOf(matrix: readonly number[]): number {
  const order = Math.sqrt(matrix.length);
  return matrix.reduce((sum, value, i) => (i % (order + 1) === 0 ? sum + value : sum), 0);
}
