// The trained networks in Chromium on WebGPU, with moments on the same device: no layer leaves it.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { findOutside, type NetworkCase, networkCases, readBackBytes } from "@delve/conformance";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { type Answer, expectSame } from "./network-answer.js";
import { type NetworkPage, openNetworkPage, PAGES } from "./network-page.js";

// A GPU in software shares the processors with whatever else the machine does.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

const executable = findOutside("chromium");
const networks = networkCases();

/** What the page tells beside the results. */
interface OnGpu {
  /** What `openWebGPU` was asked for; `device`: whether there was one. */
  readonly asked: object[];
  /** Bytes that were read from the GPU since. */
  readonly mapped: number;
}

describe.skipIf(executable === null)("networks on one GPU with delve, in Chromium", () => {
  let browser: NetworkPage;

  beforeAll(async () => {
    browser = await openNetworkPage(executable!, readFileSync(join(PAGES, "gpu-page.js"), "utf8"));
  });
  afterAll(() => browser?.close());

  const inPage = (network: NetworkCase, how: object): Promise<Answer & OnGpu> =>
    browser.run<OnGpu>(network, { provider: "webgpu", where: "auto", ...how });

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
    const results = layers.reduce((sum, { samples, features }) => sum + readBackBytes(samples, features), 0);
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
