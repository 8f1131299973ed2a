// The digits example in Chromium, on every backend that tfjs has there, against the same code in Node.
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { findOutside } from "@delve/conformance";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import type { Evaluated, Trained } from "./browser/job.js";
import {
  type DigitsPage,
  expectSameRecords,
  expectSameTraining,
  FORWARD,
  largestDifference,
  openDigitsPage,
} from "./digits-page.js";

// A GPU in software shares the processors with whatever else the machine does.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

const executable = findOutside("chromium");
const wasm = dirname(createRequire(import.meta.url).resolve("@tensorflow/tfjs-backend-wasm"));

/**
 * How far training may come to lie from Node's, of each number: Adam divides gradients by their size, so the first
 * rounding error counts for more with each step. Where values in a window of a max pooling are equal, as zeros after a
 * ReLU often are, tfjs's webgl backend gives the gradient to the last of them, its others to the first: that is
 * another descent, and only much the same.
 */
const TRAINING: Readonly<Record<string, number>> = { cpu: 1e-6, webgpu: 1e-3, webgl: 0.25 };

describe.skipIf(executable === null)("the digits example in Chromium", () => {
  let page: DigitsPage;

  beforeAll(async () => {
    const name = "tfjs-backend-wasm-simd.wasm";
    page = await openDigitsPage(executable!, "page.js", { [`/${name}`]: join(wasm, name) });
  });
  afterAll(() => page?.close());

  test("in Node, which is what is compared with, the network learns, and no tensor is left over", () => {
    const { trained, evaluated } = page;
    const loss = trained.csv.split("\n").flatMap((line) => Number.parseFloat(line.split(";")[1]!) || []);
    expect(loss).toHaveLength(2);
    expect(loss[1]).toBeLessThan(0.95 * loss[0]!);
    expect([trained.leftOver, evaluated.leftOver]).toEqual([0, 0]);
  });

  test.each(["cpu", "wasm", "webgl", "webgpu"])("on %s a pass gives the same statistics", async (backend) => {
    const found = await page.run<Evaluated>("evaluate", { backend });
    expect(found.leftOver).toBe(0);
    expectSameRecords(found.records, page.evaluated.records);
    expect(largestDifference(found.scores, page.evaluated.scores)).toBeLessThan(FORWARD);
  });

  test.each(["cpu", "webgl", "webgpu"])("on %s training goes the same way", async (backend) => {
    const found = await page.run<Trained>("train", { backend });
    expectSameTraining(found, page.trained, TRAINING[backend]!);
  });

  test("on wasm, whose tfjs backend cannot train convolutions, the error is tfjs's own", async () => {
    await expect(page.run("train", { backend: "wasm" })).rejects.toThrow(
      "Kernel 'Conv2DBackpropFilter' not registered",
    );
  });

  test("no error is on the page's console, and no request has left the machine", () => {
    expect(page.problems).toEqual([]);
    const hosts = new Set(page.requests.map((address) => new URL(address).hostname));
    expect([...hosts]).toEqual(["127.0.0.1"]);
  });
});
