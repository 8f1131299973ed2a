// The digits example in Chromium, on every backend that tfjs has there, against the same code in Node.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
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
const wasm = dirname(createRequire(import.meta.url).resolve("@tensorflow/tfjs-backend-wasm"));

/**
 * Of the trace: a sum of n float32 products is off by ε√n of its size or so, whatever the order of its terms, so two
 * forward passes that order them differently part by some 1e-7 a layer. Seen: 2e-8. Class scores, which are shares, as much.
 */
const FORWARD = 1e-6;

/**
 * How far training may come to lie from Node's, of each number: Adam divides gradients by their size, so the first
 * rounding error counts for more with each step. Where values in a window of a max pooling are equal, as zeros after a
 * ReLU often are, tfjs's webgl backend gives the gradient to the last of them, its others to the first: that is
 * another descent, and only much the same.
 */
const TRAINING: Readonly<Record<string, number>> = { cpu: 1e-6, webgpu: 1e-3, webgl: 0.25 };

describe.skipIf(executable === null)("the digits example in Chromium", () => {
  let browser: BrowserPage;
  let csv: string;
  let trained: Trained;
  let evaluated: Evaluated;

  const inPage = <T>(task: "train" | "evaluate", backend: string): Promise<T> =>
    browser.page.evaluate(
      (request) => (globalThis as unknown as { job(request: unknown): Promise<T> }).job(request),
      { task, backend, weights: trained.weights },
    );

  beforeAll(async () => {
    browser = await openBrowserPage(executable!, {
      contents: readFileSync(join(here, "browser/page.js"), "utf8"),
      resolveDir: join(here, "browser"),
      files: {
        "/digits.csv.gz": digits,
        "/tfjs-backend-wasm-simd.wasm": join(wasm, "tfjs-backend-wasm-simd.wasm"),
      },
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

  test("in Node, which is what is compared with, the network learns, and no tensor is left over", () => {
    const loss = trained.csv.split("\n").flatMap((line) => Number.parseFloat(line.split(";")[1]!) || []);
    expect(loss).toHaveLength(2);
    expect(loss[1]).toBeLessThan(0.95 * loss[0]!);
    expect([trained.leftOver, evaluated.leftOver]).toEqual([0, 0]);
  });

  test.each(["cpu", "wasm", "webgl", "webgpu"])("on %s a pass gives the same statistics", async (backend) => {
    const found = await inPage<Evaluated>("evaluate", backend);
    expect(found.leftOver).toBe(0);
    expect(found.records.map(nameOf)).toEqual(evaluated.records.map(nameOf));
    expect(largestDifference(found.scores, evaluated.scores)).toBeLessThan(FORWARD);
    for (const [i, { value }] of found.records.entries()) {
      const expected = evaluated.records[i]!.value;
      if (typeof expected === "number") expect(value).toBe(expected);
      else expect(largestDifference(value as number[], expected)).toBeLessThan(FORWARD * traceOf(expected));
    }
  });

  test.each(["cpu", "webgl", "webgpu"])("on %s training goes the same way", async (backend) => {
    const found = await inPage<Trained>("train", backend);
    expect(found.leftOver).toBe(0);
    expect(found.csv.split("\n")[0]).toBe(trained.csv.split("\n")[0]);
    expect(found.records.map(nameOf)).toEqual(trained.records.map(nameOf));
    for (const [i, record] of found.records.entries()) {
      const expected = trained.records[i]!.value as number;
      const off = Math.abs((record.value as number) - expected) / expected;
      expect(off, nameOf(record)).toBeLessThan(TRAINING[backend]!);
    }
  });

  test("on wasm, whose tfjs backend cannot train convolutions, the error is tfjs's own", async () => {
    await expect(inPage("train", "wasm")).rejects.toThrow("Kernel 'Conv2DBackpropFilter' not registered");
  });

  test("no error is on the page's console, and no request has left the machine", () => {
    expect(browser.problems).toEqual([]);
    const hosts = new Set(browser.requests.map((address) => new URL(address).hostname));
    expect([...hosts]).toEqual(["127.0.0.1"]);
  });
});

const nameOf = (record: PlainRecord): string =>
  record.kind === "scalar"
    ? record.name
    : `${record.phase} ${record.layer} ${record.stat} of ${record.samples}`;

const largestDifference = (a: readonly number[], b: readonly number[]): number =>
  Math.max(...a.map((value, i) => Math.abs(value - b[i]!)));

/** Sum of the diagonal of a matrix that is given row by row. */
function traceOf(matrix: readonly number[]): number {
  const order = Math.sqrt(matrix.length);
  return matrix.reduce((sum, value, i) => (i % (order + 1) === 0 ? sum + value : sum), 0);
}
