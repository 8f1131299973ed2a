// The digits example in Chromium on tfjs's webgpu backend, with moments on the same device: no activation leaves it.
import { findOutside, readBackBytes } from "@delve/conformance";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { type Evaluated, evaluate, type Trained } from "./browser/job.js";
import { type DigitsPage, expectSameRecords, expectSameTraining, openDigitsPage } from "./digits-page.js";
import { tf } from "./support.js";

// A GPU in software shares the processors with whatever else the machine does.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

const executable = findOutside("chromium");

/** What a little training may be off, of each number: Adam divides gradients by their size. */
const TRAINING = 1e-3;

/** What the page tells beside the results. */
interface OnGpu {
  /** What `openWebGPU` was asked for; `device`: whether it was tfjs's. */
  asked: object[];
  /** Bytes that were read from the GPU since. */
  mapped: number;
}

describe.skipIf(executable === null)("the digits example on one GPU with delve, in Chromium", () => {
  let page: DigitsPage;

  beforeAll(async () => {
    page = await openDigitsPage(executable!, "gpu-page.js");
  });
  afterAll(() => page?.close());

  const inPage = <T>(task: "train" | "evaluate", device?: string, options?: object): Promise<T & OnGpu> =>
    page.run(task, { device, options });

  test("a pass gives the statistics of Node, and no activation is read back", async () => {
    const found = await inPage<Evaluated>("evaluate", "webgpu");
    expect(found.asked).toEqual([{ device: true }]);
    expectSameRecords(found.records, page.evaluated.records);
    expect(found.leftOver).toBe(0);
    const layers = found.records.flatMap((record) =>
      record.kind === "stat" && record.stat === "lsat" ? [record] : [],
    );
    const results = layers.reduce((sum, { samples, features }) => sum + readBackBytes(samples, features), 0);
    const activations = layers.reduce((sum, { samples, features }) => sum + 4 * samples * features, 0);
    // The page reads the scores itself.
    expect(found.mapped).toBe(results + 4 * found.scores.length);
    expect(activations).toBeGreaterThan(5 * found.mapped);
  });

  test.each(["mean", "max"])(
    "convolutions by their %s: neither is anything read back",
    async (convMethod) => {
      const found = await inPage<Evaluated>("evaluate", "webgpu", { convMethod });
      const expected = await evaluate(tf, page.csv, page.trained.weights, { convMethod });
      expectSameRecords(found.records, expected.records);
      const results = found.records.reduce((sum, record) => {
        if (record.kind !== "stat" || record.stat !== "lsat") return sum;
        // A mean has more digits than a float32, and comes in two.
        const numbers = convMethod === "mean" && record.layer.startsWith("conv") ? 2 : 1;
        return sum + readBackBytes(record.samples, numbers * record.features);
      }, 0);
      expect(found.mapped).toBe(results + 4 * found.scores.length);
    },
  );

  test("training gives the statistics of Node", async () => {
    const found = await inPage<Trained>("train", "webgpu");
    expectSameTraining(found, page.trained, TRAINING);
  });

  test("auto takes the Wasm kernel where the GPU is one in software", async () => {
    const found = await inPage<Evaluated>("evaluate");
    const asked = { device: true, software: false, smallPasses: "kernel", onDeviceLost: "kernel" };
    expect(found.asked).toEqual([asked]);
    expectSameRecords(found.records, page.evaluated.records);
  });

  test("no error is on the page's console", () => {
    expect(page.problems).toEqual([]);
  });
});
