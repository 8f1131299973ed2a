import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findOutside } from "../src/outside.js";

// A page that a person would write: one bundled module that imports @delve/core, nothing configured. It runs in a
// real browser, with a policy that allows what the README says it needs and nothing else.
const root = fileURLToPath(new URL("../../..", import.meta.url));
const executable = findOutside("chromium");
const POLICY = "default-src 'self'; img-src data:; script-src 'self' 'wasm-unsafe-eval'";

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
  let folder: string;
  let server: Server;
  let browser: Browser;
  let page: Page;
  const problems: string[] = [];

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "delve-browser-"));
    const bundle = join(folder, "page.js");
    await build({
      stdin: { contents: PAGE, resolveDir: join(root, "packages/core"), loader: "js" },
      bundle: true,
      format: "esm",
      platform: "browser",
      conditions: ["@delve/source"],
      outfile: bundle,
      logLevel: "silent",
    });
    server = createServer((request, response) => {
      const script = request.url === "/page.js";
      const type = script ? "text/javascript" : "text/html";
      response.writeHead(200, { "content-type": type, "content-security-policy": POLICY });
      response.end(
        script
          ? readFileSync(bundle)
          : `<!doctype html><link rel="icon" href="data:,"><script type="module" src="/page.js"></script>`,
      );
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const args = ["--no-sandbox", "--disable-quic", "--no-first-run", "--disable-background-networking"];
    browser = await chromium.launch({
      executablePath: executable as string,
      args: [...args, "--disable-component-update", "--disable-sync"],
    });
    page = await browser.newPage();
    page.on("pageerror", (error) => problems.push(String(error)));
    page.on("console", (message) => {
      if (message.type() === "error" && !message.text().includes("favicon")) problems.push(message.text());
    });
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    await page.waitForFunction("typeof globalThis.job === 'function'");
  });

  afterAll(async () => {
    await browser?.close();
    server?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test("the raw-array face, a tracker and the kernel work without configuration", async () => {
    const result = (await page.evaluate("globalThis.job()")) as Record<string, unknown>;
    // Variances 2.1875 and 2, covariance −1: two directions are needed for 99 %, of three features.
    expect(result["saturation"]).toBeCloseTo(2 / 3, 15);
    expect(result["trace"]).toBeCloseTo(4.1875, 14);
    expect(result["covariance"]).toEqual([1, 1, 1]);
    expect(problems).toEqual([]);
  });
});
