// The same samples give the same bits in every implementation of WebGPU that is here.
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { findOutside } from "@delve/conformance";
import { bundleModule, openBrowserPage } from "@delve/conformance/browser-page";
import { beforeAll, expect, test, vi } from "vitest";
import { describeWithGpu, openGpu } from "../software-gpu.js";
import { type Bits, bitsOf } from "./job.js";

// A GPU in software shares the processors with whatever else the machine does.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

const chromium = findOutside("chromium");
const deno = findOutside("deno");
const lavapipe = findOutside("lavapipe");
const swiftshader = findOutside("swiftshader");
const resolveDir = fileURLToPath(new URL(".", import.meta.url));

/** Two ways to sum products, of which each shall give the same bits. */
const JOB = `bitsOf(navigator.gpu, ["dot4", "f32"])`;

async function bitsInChromium(): Promise<Record<string, Bits>> {
  const contents = `import { bitsOf } from "./job.js"; globalThis.job = () => ${JOB};`;
  const flags = ["--enable-unsafe-webgpu"];
  const browser = await openBrowserPage(chromium!, { contents, resolveDir, flags });
  try {
    return await browser.page.evaluate<Record<string, Bits>>("globalThis.job()");
  } finally {
    await browser.close();
  }
}

/** @param driver - What the system's Vulkan loader shall find. */
async function bitsInDeno(driver: string): Promise<Record<string, Bits>> {
  const folder = mkdtempSync(join(tmpdir(), "delve-deno-"));
  try {
    const module = join(folder, "job.js");
    const contents = `import { type Bits, bitsOf } from "./job.js"; console.log(JSON.stringify(await ${JOB}));`;
    await bundleModule({ contents, resolveDir }, module);
    const env = { ...process.env, VK_DRIVER_FILES: driver, DENO_DIR: folder, DENO_NO_UPDATE_CHECK: "1" };
    const { stdout } = await promisify(execFile)(deno!, ["run", "--no-config", module], { env });
    return JSON.parse(stdout) as Record<string, Bits>;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

describeWithGpu("the bits of a state are those of Node with Dawn and SwiftShader", () => {
  let expected: Bits;
  beforeAll(async () => {
    expected = (await bitsOf(openGpu(), ["i32"]))["i32"]!;
  });

  function expectSame(found: Record<string, Bits>): void {
    const part = (bits: Bits, at: 0 | 1) =>
      Object.fromEntries(Object.entries(bits).map(([name, hashes]) => [name, hashes[at]]));
    expect(Object.keys(found)).toHaveLength(2);
    for (const [products, bits] of Object.entries(found)) {
      expect(part(bits, 0), "the samples themselves").toEqual(part(expected, 0));
      expect(part(bits, 1), `the states, products in ${products}`).toEqual(part(expected, 1));
    }
  }

  test("in which no two cases have the same", () => {
    const states = Object.values(expected).map(([, state]) => state);
    expect(new Set(states).size).toBe(states.length);
  });

  test.skipIf(chromium === null)("in Chromium with SwiftShader", async () => {
    expectSame(await bitsInChromium());
  });

  test.skipIf(deno === null)("in Deno with SwiftShader", async () => {
    expectSame(await bitsInDeno(join(swiftshader!, "vk_swiftshader_icd.json")));
  });

  test.skipIf(deno === null || lavapipe === null)("in Deno with Mesa's lavapipe", async () => {
    expectSame(await bitsInDeno(lavapipe!));
  });
});
