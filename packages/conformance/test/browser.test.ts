import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type BrowserPage, openBrowserPage } from "../src/browser-page.js";
import { findOutside } from "../src/outside.js";
import { ROOT } from "../src/packages.js";

// A page with @delve/core, nothing configured.
const executable = findOutside("chromium");

const PAGE = `
import { covariance, loadKernel, mergeStates, decodeState, encodeState } from "@delve/kernel";
import { saturation, SaturationTracker } from "@delve/core";
const rows = [[1, 2, 0], [3, 4, 0], [5, 0, 0], [2, 2, 0]];
globalThis.job = async () => {
  const tracker = await SaturationTracker.open({ savePath: "runs/page", saveTo: ["csv"], stats: ["lsat", "trc"] });
  tracker.record("dense", { data: Float32Array.from(rows.flat()), shape: [4, 3] }, { phase: "train" });
  await tracker.addSaturations();
  const record = tracker.latest.records.find((entry) => entry.stat === "trc");
  await tracker.close();
  const kernel = await loadKernel();
  const moments = kernel.createMoments(2);
  moments.update({ data: Float64Array.of(1, 2, 3, 4), rows: 2, features: 2, rowStride: 2, featureStride: 1 });
  const merged = mergeStates(moments.state(), decodeState(encodeState(moments.state())));
  return { saturation: await saturation(rows), trace: record.value, covariance: [...covariance(merged).upper] };
};
`;

describe.skipIf(executable === null)("in Chromium", () => {
  let browser: BrowserPage;
  beforeAll(async () => {
    const resolveDir = join(ROOT, "packages/core");
    browser = await openBrowserPage(executable!, { contents: PAGE, resolveDir });
  });
  afterAll(() => browser?.close());

  test("the raw-array face, a tracker and the kernel work without configuration", async () => {
    const result = (await browser.page.evaluate("globalThis.job()")) as Record<string, unknown>;
    // Variances 2.1875 and 2, covariance −1: two directions are needed for 99 %, of three features.
    expect(result["saturation"]).toBeCloseTo(2 / 3, 15);
    expect(result["trace"]).toBeCloseTo(4.1875, 14);
    expect(result["covariance"]).toEqual([1, 1, 1]);
    expect(browser.problems).toEqual([]);
  });
});

// Such a page says neither 'wasm-unsafe-eval' nor 'unsafe-eval'.
const STRICT = "default-src 'self'; img-src data:; script-src 'self'";

const STRICT_PAGE = `
import { loadDelve, loadKernel, saturation } from "@delve/core";
const warnings = [];
console.warn = (text) => warnings.push(text);
globalThis.job = async () => {
  const results = [await saturation([[0, 1], [2, 1], [4, 1]]), await saturation([[0, 1], [2, 1], [4, 1]])];
  const refused = await loadKernel().catch((error) => error.message);
  return { results, device: (await loadDelve()).backend.name, warnings, refused };
};
`;

describe.skipIf(executable === null)("in Chromium, where the page's policy forbids WebAssembly", () => {
  let browser: BrowserPage;
  beforeAll(async () => {
    const resolveDir = join(ROOT, "packages/core");
    browser = await openBrowserPage(executable!, { contents: STRICT_PAGE, resolveDir, policy: STRICT });
  });
  afterAll(() => browser?.close());

  test("the reference computes, with one warning, and loadKernel names it", async () => {
    const result = (await browser.page.evaluate("globalThis.job()")) as Record<string, unknown>;
    expect(result).toMatchObject({ results: [0.5, 0.5], device: "reference" });
    expect(result["warnings"]).toEqual([
      expect.stringMatching(/^delve: loadDelve computes without WebAssembly.*'wasm-unsafe-eval'/),
    ]);
    expect(result["refused"]).toMatch(/@delve\/kernel\/reference runs without$/);
  });
});
