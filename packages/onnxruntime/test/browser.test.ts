// The trained networks in Chromium, in WebAssembly and on WebGPU in software; everything is served from here.
import { findOutside, networkCases } from "@delve/conformance";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { expectSame } from "./network-answer.js";
import { foreign, type NetworkPage, openNetworkPage } from "./network-page.js";

// A GPU in software shares the processors with whatever else the machine does.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

const executable = findOutside("chromium");

/** What the page tells beside the results. */
interface Placed {
  readonly places: { where: string; reason: string }[];
}

describe.skipIf(executable === null).each([
  { build: "onnxruntime-web", provider: "wasm", wheres: ["graph", "kernel", "auto"] },
  { build: "onnxruntime-web/webgpu", provider: "webgpu", wheres: ["auto"] },
])("$build on $provider in Chromium", ({ build, provider, wheres }) => {
  let browser: NetworkPage;

  beforeAll(async () => {
    browser = await openNetworkPage(
      executable!,
      `import * as ort from "${build}";
        import { job } from "./job.js";
        globalThis.job = (request) => job(ort, request);`,
    );
  });
  afterAll(() => browser?.close());

  async function check(name: string, how: object): Promise<void> {
    const network = networkCases().find((item) => item.name === name)!;
    const found = await browser.run<Placed>(network, { provider, ...how });
    expect(found.places).toHaveLength(network.layers.length);
    expectSame(network, found);
  }

  for (const where of wheres) {
    test.each(networkCases().map(({ name }) => name))(`%s, where: ${where}`, (name) =>
      check(name, { where }),
    );
  }

  test.runIf(provider === "webgpu")("outputs that stay on the GPU are read by nobody but their owner", () =>
    check("vgg", { where: "auto", preferredOutputLocation: "gpu-buffer" }),
  );

  test("nothing went wrong, and nothing was asked of anyone else", () => {
    expect(browser.problems).toEqual([]);
    expect(foreign(browser.requests)).toEqual([]);
  });
});
