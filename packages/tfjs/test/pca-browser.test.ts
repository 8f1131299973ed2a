// PCA layers in Chromium, on every backend that tfjs has there, against the same code in Node.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { findOutside } from "@delve/conformance";
import { type BrowserPage, openBrowserPage } from "@delve/conformance/browser-page";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type ProjectedPasses, projectPasses } from "./browser/pca-job.js";
import { tf } from "./support.js";

const executable = findOutside("chromium");
const folder = join(dirname(fileURLToPath(import.meta.url)), "browser");
const wasm = dirname(createRequire(import.meta.url).resolve("@tensorflow/tfjs-backend-wasm"));

/** Of outputs around 1: sums of float32 products in another order, and sines of a GPU. */
const BOUND = 1e-5;

describe.skipIf(executable === null)("PCA layers in Chromium", () => {
  let browser: BrowserPage;
  let inNode: ProjectedPasses;

  beforeAll(async () => {
    browser = await openBrowserPage(executable!, {
      contents: readFileSync(join(folder, "pca-page.js"), "utf8"),
      resolveDir: folder,
      files: { "/tfjs-backend-wasm-simd.wasm": join(wasm, "tfjs-backend-wasm-simd.wasm") },
      flags: ["--enable-unsafe-webgpu"],
    });
    inNode = await projectPasses(tf);
  });
  afterAll(() => browser?.close());

  test("in Node, which is what is compared with, each change is seen in the output", () => {
    const { untrained, projected, narrow, random, loaded, goneOn, waiting, early, messages } = inNode;
    expect(new Set([untrained, projected, narrow, random].map(String)).size).toBe(4);
    expect(loaded).toEqual(projected);
    expect([goneOn, waiting, early, messages]).toEqual([2, 0, "done", []]);
    expect([inNode.fitted.seen, inNode.fitted.epoch]).toEqual([32, 1]);
  });

  test.each(["cpu", "wasm", "webgl", "webgpu"])("%s", async (backend) => {
    const found = await browser.page.evaluate(
      (name) => (globalThis as unknown as { job(name: string): Promise<ProjectedPasses> }).job(name),
      backend,
    );
    for (const key of ["untrained", "projected", "narrow", "random"] as const) {
      expect(largestDifference(found[key], inNode[key]), key).toBeLessThan(BOUND);
    }
    expect([found.kept, found.less]).toEqual([inNode.kept, inNode.less]);
    expect(found.loaded).toEqual(found.projected);
    expect([found.fitted.seen, found.fitted.epoch]).toEqual([32, 1]);
    expect(largestDifference(found.fitted.output, inNode.fitted.output)).toBeLessThan(BOUND);
    expect([found.goneOn, found.leftOver, found.messages]).toEqual([2, 0, []]);
    // The values of a pass on WebGPU come later; on the others they are waited for.
    expect(found.waiting).toBe(backend === "webgpu" ? 2 : 0);
    expect(found.early).toContain(backend === "webgpu" ? "await refreshPcaLayers(model)" : "done");
  });

  test("no error is on the page's console", () => {
    expect(browser.problems).toEqual([]);
  });
});

const largestDifference = (a: readonly number[], b: readonly number[]): number => {
  expect(a).toHaveLength(b.length);
  return Math.max(...a.map((value, i) => Math.abs(value - b[i]!)));
};
