// The thread that draws plots in Node, run as it is run by users: as JavaScript, outside the test runner.
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import process from "node:process";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import type { Log } from "../src/log.js";
import type { DrawingThread } from "../src/png/drawing-thread.js";
import { startNodeThread } from "../src/png/node-thread.js";
import { Painter } from "../src/png/painter.js";
import { type Bundle, bundle } from "./support/bundle.js";
import { fallingSpectra, partingClasses, settlingMap } from "./support/figures.js";
import { comparedProfile, saturationProfile } from "./support/profiles.js";

// A program that never closes its tracker.
const PROGRAM = `
import { referenceBackend } from "@delve/kernel/reference";
import { SaturationTracker } from "./index.js";

const [savePath, saves] = process.argv.slice(2);
const tracker = await SaturationTracker.open({ backend: referenceBackend(), savePath, saveTo: "csvplot" });
for (let save = 0; save < Number(saves); save++) {
  tracker.record("fc", { data: Float32Array.of(0, 1, 2, 1, 4, save), shape: [3, 2] });
  await tracker.addSaturations();
}
console.log("end of program");
`;

let built: Bundle;
const threads: DrawingThread[] = [];

beforeAll(async () => {
  built = await bundle(PROGRAM);
});

afterAll(() => {
  for (const thread of threads) thread.end();
  built?.remove();
});

/** A painter with a thread, as `Painter` has it in a build. */
function painterOn(worker: URL, log: Log = vi.fn()): Painter {
  return new Painter(log, (fonts) => {
    const thread = startNodeThread(worker, fonts);
    threads.push(thread);
    return thread;
  });
}

const here = () => new Painter(vi.fn(), null);
const figure = { profile: saturationProfile(3), png: true };

describe("a thread", () => {
  test("draws the same bytes as are drawn here", async () => {
    const log = vi.fn();
    const painter = painterOn(built.worker, log);
    for (const figure of [
      { profile: saturationProfile(2) },
      { profile: comparedProfile(30) },
      { heatMap: settlingMap(3, 4) },
      { spectrum: fallingSpectra(3) },
      { scatter: partingClasses(3) },
    ]) {
      const drawn = await painter.draw({ ...figure, png: true });
      const expected = await here().draw({ ...figure, png: true });
      expect(drawn.svg).toBe(expected.svg);
      expect(Buffer.compare(drawn.png as Uint8Array, expected.png as Uint8Array)).toBe(0);
    }
    expect(log).not.toHaveBeenCalled();
    painter.close();
  });

  test("says what is wrong with a figure, and draws the next", async () => {
    const painter = painterOn(built.worker);
    const bad = { profile: { ...figure.profile, layers: [] }, png: true };
    await expect(painter.draw(bad)).rejects.toThrow("layerProfile: needs at least one layer, got 0");
    expect((await painter.draw(figure)).png).toBeInstanceOf(Uint8Array);
    painter.close();
  });

  test("leaves this thread to its work", async () => {
    const profile = comparedProfile(30);
    const busyWith = async (painter: Painter) => {
      // The first figure loads the rasteriser.
      await painter.draw({ profile, png: true });
      const before = performance.eventLoopUtilization();
      for (let i = 0; i < 5; i++) await painter.draw({ profile, png: true });
      painter.close();
      return performance.eventLoopUtilization(before).active;
    };
    const onThread = await busyWith(painterOn(built.worker));
    const inPlace = await busyWith(here());
    // It is a fiftieth on a quiet machine.
    expect(onThread).toBeLessThan(inPlace / 3);
  });
});

describe("without the thread, figures are drawn here, with a warning", () => {
  const source = (code: string) => new URL(`data:text/javascript,${encodeURIComponent(code)}`);
  const onMessage = (code: string) =>
    source(`import { parentPort } from "node:worker_threads"; parentPort.on("message", () => { ${code} });`);

  test.each([
    ["is not there", () => new URL("file:///nowhere/worker.js"), /nowhere/],
    ["fails as it starts", () => source('throw new Error("no luck")'), /no luck/],
    ["crashes over a figure", () => onMessage('throw new Error("no luck")'), /no luck/],
    ["ends over a figure", () => onMessage("process.exit(3)"), /the drawing thread ended with code 3/],
  ])("if it %s", async (_, worker, reason) => {
    const log = vi.fn();
    const painter = painterOn(worker(), log);
    expect((await painter.draw(figure)).png).toBeInstanceOf(Uint8Array);
    expect((await painter.draw(figure)).png).toBeInstanceOf(Uint8Array);
    expect(log).toHaveBeenCalledExactlyOnceWith("warn", expect.stringMatching(reason), expect.anything());
    expect(log.mock.lastCall?.[1]).toMatch(
      /^plots are drawn between other work, without a thread of their own: /,
    );
  });

  test("if a figure cannot be sent", async () => {
    const log = vi.fn();
    const painter = painterOn(built.worker, log);
    const profile = { ...figure.profile, mine: () => 1 };
    expect((await painter.draw({ profile, png: true })).png).toBeInstanceOf(Uint8Array);
    expect(log).toHaveBeenCalledExactlyOnceWith(
      "warn",
      expect.stringContaining("could not be cloned"),
      expect.anything(),
    );
  });
});

describe("a program whose tracker is never closed", () => {
  const run = (...args: string[]) =>
    spawnSync(process.execPath, args, {
      encoding: "utf8",
      timeout: 45_000,
      env: { PATH: process.env["PATH"] },
    });

  test("ends, and has its figures", () => {
    const savePath = join(built.folder, "runs/mlp");
    const { status, stdout, stderr } = run(built.program, savePath, "3");
    expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: "end of program\n", stderr: "" });
    const figures = [0, 1, 2].flatMap((epoch) =>
      ["png", "svg"].map((type) => `mlp_lsat_train_epoch_${epoch}.${type}`),
    );
    expect(readdirSync(savePath).sort()).toEqual(figures);
  });

  test("is no worse off if it was not started from a file", () => {
    const savePath = join(built.folder, "runs/piped");
    const code = `process.argv.splice(1, 0, "program"); await import(${JSON.stringify(built.program)})`;
    const { status, stderr } = run("--input-type=module", "-e", code, savePath, "1");
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(readdirSync(savePath)).toHaveLength(2);
  });
});
