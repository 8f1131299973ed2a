// The digits example in a page, and the same code in Node, which it is compared with.
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import { type BrowserPage, openBrowserPage } from "@delve/conformance/browser-page";
import { expect, vi } from "vitest";
import { type Evaluated, evaluate, type PlainRecord, type Trained, train } from "./browser/job.js";
import { tf } from "./support.js";

const here = dirname(fileURLToPath(import.meta.url));
const digits = join(here, "../../../examples/data/digits.csv.gz");

/**
 * Of the trace: a sum of n float32 products is off by ε√n of its size or so, whatever the order of its terms, so two
 * forward passes that order them differently part by some 1e-7 a layer. Seen: 2e-8. Class scores, which are shares, as much.
 */
export const FORWARD: number = 1e-6;

/** A page with the digits, and what Node makes of them. */
export interface DigitsPage extends BrowserPage {
  readonly csv: string;
  readonly trained: Trained;
  /** With the weights that came of it. */
  readonly evaluated: Evaluated;
  /** The same in the page. `how`: what its job takes beside the task and the weights. */
  run<T>(task: "train" | "evaluate", how: object): Promise<T>;
}

/**
 * Opens a page, and trains in Node.
 *
 * @param name - Of its module, in the folder `browser`.
 * @param files - That the page may fetch beside the digits.
 */
export async function openDigitsPage(
  executable: string,
  name: string,
  files: Readonly<Record<string, string>> = {},
): Promise<DigitsPage> {
  const csv = gunzipSync(readFileSync(digits)).toString();
  const silenced = vi.spyOn(process.stderr, "write").mockReturnValue(true);
  const trained = await train(tf, csv);
  silenced.mockRestore();
  const evaluated = await evaluate(tf, csv, trained.weights);
  const browser = await openBrowserPage(executable, {
    contents: readFileSync(join(here, "browser", name), "utf8"),
    resolveDir: join(here, "browser"),
    files: { "/digits.csv.gz": digits, ...files },
    // The only way to WebGPU without a GPU.
    flags: ["--enable-unsafe-webgpu"],
  });
  const run = <T>(task: "train" | "evaluate", how: object): Promise<T> =>
    browser.page.evaluate(
      (request) => (globalThis as unknown as { job(request: unknown): Promise<T> }).job(request),
      { task, weights: trained.weights, ...how },
    );
  return { ...browser, csv, trained, evaluated, run };
}

/** The same records: counts alike, and matrices up to what a forward pass rounds. */
export function expectSameRecords(found: readonly PlainRecord[], expected: readonly PlainRecord[]): void {
  expect(found.map(nameOf)).toEqual(expected.map(nameOf));
  for (const [i, { value }] of found.entries()) {
    const truth = expected[i]!.value;
    if (typeof truth === "number") expect(value).toBe(truth);
    else expect(largestDifference(value as number[], truth)).toBeLessThan(FORWARD * traceOf(truth));
  }
}

/** The same training: no number is off by a share of `bound`. */
export function expectSameTraining(found: Trained, expected: Trained, bound: number): void {
  expect(found.leftOver).toBe(0);
  expect(found.csv.split("\n")[0]).toBe(expected.csv.split("\n")[0]);
  expect(found.records.map(nameOf)).toEqual(expected.records.map(nameOf));
  for (const [i, record] of found.records.entries()) {
    const truth = expected.records[i]!.value as number;
    expect(Math.abs((record.value as number) - truth) / truth, nameOf(record)).toBeLessThan(bound);
  }
}

/** Largest |a_i − b_i|. */
export const largestDifference = (a: readonly number[], b: readonly number[]): number =>
  Math.max(...a.map((value, i) => Math.abs(value - b[i]!)));

/** What a record says, but for its value. */
const nameOf = (record: PlainRecord): string =>
  record.kind === "scalar"
    ? record.name
    : `${record.phase} ${record.layer} ${record.stat} of ${record.samples}`;

/** Sum of the diagonal of a matrix that is given row by row. */
function traceOf(matrix: readonly number[]): number {
  const order = Math.sqrt(matrix.length);
  return matrix.reduce((sum, value, i) => (i % (order + 1) === 0 ? sum + value : sum), 0);
}
