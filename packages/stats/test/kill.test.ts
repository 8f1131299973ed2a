import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { propertyRuns } from "@delve/conformance";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { nodeFileStorage } from "../src/storage/node-file-storage.js";
import { CsvTable } from "../src/writers/csv-table.js";
import { CsvWriter } from "../src/writers/csv-writer.js";
import { JsonlWriter } from "../src/writers/jsonl-writer.js";
import { readState } from "../src/writers/npy-tree.js";
import { NpyWriter } from "../src/writers/npy-writer.js";
import { TensorBoardWriter } from "../src/writers/tensorboard-writer.js";
import { predictableSave } from "./support/predictable-save.js";
import { type Cells, cellsOfCsv, cellsOfEvents, cellsOfJsonl, cellsOfNpy } from "./support/read-back.js";
import { writeRun } from "./support/saves.js";

// Some dozens here; many more where somebody has time (DELVE_PROPERTY_FACTOR).
const KILLS = propertyRuns(24);
// Milliseconds; a few saves long where the machine has nothing else to do.
const LIFE = 60;

let folder = "";
let program = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "delve-kill-"));
  program = join(folder, "endless-run.mjs");
  await build({
    entryPoints: [fileURLToPath(new URL("./support/endless-run.ts", import.meta.url))],
    bundle: true,
    format: "esm",
    platform: "node",
    conditions: ["@delve/source", "node"],
    outfile: program,
    logLevel: "silent",
  });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Starts a run that goes on from `initialEpoch`, and ends it without warning while it saves. Gives what it said. */
async function runAndKill(root: string, initialEpoch: number, life: number): Promise<string> {
  const child = spawn(process.execPath, [program, root, String(initialEpoch)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let said = "";
  for await (const chunk of child.stdout) {
    said += String(chunk);
    if (said.includes("ready\n")) break;
  }
  await sleep(life);
  child.kill("SIGKILL");
  if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
  expect(child.signalCode, said).toBe("SIGKILL");
  return said;
}

/** What a format should have of some epochs. */
const expected = (
  epochs: Iterable<number>,
  tag = "train-saturation_",
  round = (value: number) => value,
): Cells =>
  [...epochs].flatMap((epoch) =>
    predictableSave(epoch)
      .records.map((record): [number, string, number] => [
        epoch,
        record.kind === "scalar" ? record.name : `${tag}${record.layer}`,
        round(record.value as number),
      ])
      .sort(([, a], [, b]) => (a < b ? -1 : 1)),
  );

const upTo = (count: number): number[] => Array.from({ length: count }, (_, epoch) => epoch);
const countOf = (cells: Cells): number => new Set(cells.map(([epoch]) => epoch)).size;

/** Every file is whole, or ends in the middle of one record. Gives how many saves the CSV has. */
async function expectSound(root: string): Promise<number> {
  const storage = nodeFileStorage({ root });
  const paths = await storage.list("runs/");
  if (!paths.includes("runs/mlp.csv")) return 0;
  const csv = await cellsOfCsv(storage, "runs/mlp.csv");
  const saves = countOf(csv);
  expect(csv).toEqual(expected(upTo(saves)));
  CsvTable.parse(new TextDecoder().decode((await storage.read("runs/mlp.csv"))!));
  // Writers come one after another, so each later one has as many saves, or one less; or those of before the last run.
  if (paths.includes("runs/mlp.jsonl")) {
    const rows = await cellsOfJsonl(storage, "runs/mlp.jsonl");
    const count = countOf(rows);
    expect(rows.filter(([epoch]) => epoch < count - 1)).toEqual(expected(upTo(count - 1)));
    const lastNames = new Set(rows.filter(([epoch]) => epoch === count - 1).map(([, name]) => name));
    expect(rows.filter(([epoch]) => epoch === count - 1)).toEqual(
      expected([count - 1]).filter(([, name]) => lastNames.has(name)),
    );
    expect(count).toBeGreaterThanOrEqual(saves - 1);
  }
  const state = await readState(storage, "runs/mlp/");
  if (state !== null) {
    const numbers = await cellsOfNpy(storage, "runs/mlp/");
    expect(numbers.filter(([epoch]) => epoch < state.next)).toEqual(expected(upTo(state.next)));
    expect(state.next).toBeGreaterThanOrEqual(saves - 1);
  }
  const events = await cellsOfEvents(storage, "runs/mlp/");
  expect(events).toEqual(expected(upTo(countOf(events)), "saturation/train/", Math.fround));
  return saves;
}

describe("kill -9 at any moment", () => {
  test(`leaves files that are whole, and that the next run goes on with (${KILLS} times)`, async () => {
    const root = join(folder, "chain");
    let saves = 0;
    let total = 0;
    let longest = LIFE;
    for (let kill = 0; kill < KILLS; kill++) {
      // Sometimes from where it stopped, sometimes from a little before, as from a checkpoint.
      const initialEpoch = Math.max(0, saves - 1 - (kill % 3));
      const said = await runAndKill(root, initialEpoch, Math.random() * longest);
      if (initialEpoch > 1) expect(said).toBe("ready\n");
      saves = await expectSound(root);
      total += saves - initialEpoch;
      if (total < kill) longest *= 1.2;
    }
    expect(total).toBeGreaterThan(KILLS / 4);

    const storage = nodeFileStorage({ root });
    const last = [predictableSave(saves - 1)];
    for (const writer of [new CsvWriter(), new JsonlWriter(), new NpyWriter(), new TensorBoardWriter()]) {
      expect(await writeRun(writer, storage, last, { initialEpoch: saves - 1 })).toEqual([]);
    }
    const all = expected(upTo(saves));
    expect(await cellsOfCsv(storage, "runs/mlp.csv")).toEqual(all);
    expect(await cellsOfJsonl(storage, "runs/mlp.jsonl")).toEqual(all);
    expect(await cellsOfNpy(storage, "runs/mlp/")).toEqual(all);
    expect(await cellsOfEvents(storage, "runs/mlp/")).toEqual(
      expected(upTo(saves), "saturation/train/", Math.fround),
    );
  }, 600_000);
});
