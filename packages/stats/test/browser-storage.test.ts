import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { findOutside } from "@delve/conformance";
import { type BrowserPage, openBrowserPage } from "@delve/conformance/browser-page";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Storage } from "../src/storage/storage.js";
import { python } from "./support/python.js";

// The browser's own file system, in a browser.
const chromium = findOutside("chromium");

const PAGE = `
import { referenceBackend } from "@delve/kernel/reference";
import { downloadZip, opfsStorage, SaturationTracker } from "@delve/stats";
const open = (storage, initialEpoch = 0) =>
  SaturationTracker.open({
    backend: referenceBackend(), savePath: "runs/mlp", saveTo: ["csv", "npy", "jsonl", "tb"], stats: ["lsat", "cov"],
    storage, initialEpoch, logger: (level, message) => { throw new Error(level + ": " + message); },
  });
globalThis.job = Object.assign(() => {}, { opfsStorage, downloadZip, open });
`;

interface Job {
  opfsStorage(): Storage;
  downloadZip(storage: Storage, folder: string): Promise<void>;
  open(storage: Storage, initialEpoch?: number): Promise<import("../src/tracker.js").SaturationTracker>;
}

describe.skipIf(chromium === null)("OPFS in Chromium", () => {
  let browser: BrowserPage;
  beforeAll(async () => {
    const resolveDir = fileURLToPath(new URL("..", import.meta.url));
    browser = await openBrowserPage(chromium!, { contents: PAGE, resolveDir });
  });
  afterAll(() => browser?.close());
  beforeEach(async () => {
    await browser.page.evaluate(async () => {
      const { opfsStorage } = (globalThis as unknown as { job: Job }).job;
      const storage = opfsStorage();
      for (const path of await storage.list("")) await storage.remove(path);
    });
  });

  test("does what a storage has to", async () => {
    const result = await browser.page.evaluate(async () => {
      const storage = (globalThis as unknown as { job: Job }).job.opfsStorage();
      const text = async (path: string) => {
        const bytes = await storage.read(path);
        return bytes === null ? null : new TextDecoder().decode(bytes);
      };
      const before = [await text("none/here"), await storage.list("none/")];
      await storage.write("runs/a/b.csv", "a longer text than the next");
      await storage.write("runs/a/b.csv", "ä;1\n");
      await storage.append("runs/log", "one\n");
      await storage.append("runs/log", new TextEncoder().encode("two\n"));
      await storage.write("runs/ab", Uint8Array.of(1, 0, 255));
      await storage.writeChunks!(
        "runs/z",
        (async function* () {
          yield Uint8Array.of(122);
          yield Uint8Array.of(122);
        })(),
      );
      const failed = await storage.writeChunks!(
        "runs/z",
        (async function* () {
          yield Uint8Array.of(1);
          throw new Error("no more");
        })(),
      ).catch((error: Error) => error.message);
      await storage.remove("none");
      await storage.remove("none/none");
      return {
        before,
        failed,
        texts: [await text("runs/a/b.csv"), await text("runs/log"), await text("runs/z")],
        bytes: [...(await storage.read("runs/ab"))!],
        lists: [await storage.list(""), await storage.list("runs/a"), await storage.list("runs/a/")],
        refused: await storage.write("runs/../x", "x").catch((error: Error) => error.message),
      };
    });
    expect(result).toEqual({
      before: [null, []],
      failed: 'storage: cannot write "runs/z": no more',
      texts: ["ä;1\n", "one\ntwo\n", "zz"],
      bytes: [1, 0, 255],
      lists: [
        ["runs/a/b.csv", "runs/ab", "runs/log", "runs/z"],
        ["runs/a/b.csv", "runs/ab"],
        ["runs/a/b.csv"],
      ],
      refused: expect.stringMatching(/^storage: cannot write "runs\/..\/x": /),
    });
    expect(browser.problems).toEqual([]);
  });

  test("holds a run, which goes on, and which one can download", async () => {
    const folder = await mkdtemp(join(tmpdir(), "delve-download-"));
    try {
      const downloading = browser.page.waitForEvent("download");
      const csv = await browser.page.evaluate(async () => {
        const { opfsStorage, open, downloadZip } = (globalThis as unknown as { job: Job }).job;
        const storage = opfsStorage();
        for (const [initialEpoch, saves] of [
          [0, 3],
          [2, 2],
        ] as const) {
          const tracker = await open(storage, initialEpoch);
          for (let save = 0; save < saves; save++) {
            tracker.record("a/b", { data: Float32Array.of(0, 1, 2, 1, 4, initialEpoch), shape: [3, 2] });
            tracker.addScalar("loss", initialEpoch + save);
            await tracker.addSaturations();
          }
          await tracker.close();
        }
        await downloadZip(storage, "runs/mlp/");
        return new TextDecoder().decode((await storage.read("runs/mlp.csv"))!);
      });
      expect(csv.split("\n").map((line) => line.split(";").slice(0, 2).join(";"))).toEqual([
        ";loss",
        "0;0.0",
        "1;1.0",
        "2;2.0",
        "3;3.0",
        "",
      ]);
      const download = await downloading;
      expect(download.suggestedFilename()).toBe("mlp.zip");
      const path = join(folder, "mlp.zip");
      await download.saveAs(path);
      const numpy = findOutside("numpy");
      if (numpy !== null) {
        const { names, arrays } = python<{ names: string[]; arrays: object }>(numpy, "read_zip.py", path);
        expect(names).toContain(
          "mlp/_train-covariance-matrix_a%2Fb/_train-covariance-matrix_a%2Fb_epoch3.npy",
        );
        expect(Object.keys(arrays)).toHaveLength(12);
        expect(names.filter((name) => name.includes("tfevents"))).toHaveLength(2);
      }
      expect(browser.problems).toEqual([]);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});
