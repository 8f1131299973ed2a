import { spawnSync } from "node:child_process";
import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { referenceBackend } from "@delve/kernel/reference";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { nodeFileStorage } from "../src/storage/node-file-storage.js";
import type { Storage } from "../src/storage/storage.js";
import { SaturationTracker } from "../src/tracker.js";
import { cellsOfCsv, cellsOfEvents, cellsOfJsonl, cellsOfNpy } from "./support/read-back.js";

// A disk that refuses: the error names the file, the run goes on recording, and what could be written is whole.
let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "delve-faults-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const isRoot = process.geteuid?.() === 0;

interface Logged {
  readonly level: string;
  readonly message: string;
}

async function open(storage: Storage, logged: Logged[]): Promise<SaturationTracker> {
  return SaturationTracker.open({
    backend: referenceBackend(),
    savePath: "runs/mlp",
    saveTo: ["csv", "npy", "jsonl", "tensorboard"],
    storage,
    logger: (level, message) => logged.push({ level, message }),
  });
}

async function epoch(tracker: SaturationTracker, loss: number): Promise<void> {
  tracker.record("fc", { data: Float32Array.of(0, 1, 2, 1, 4, loss), shape: [3, 2] });
  tracker.addScalar("loss", loss);
  await tracker.addSaturations();
}

const epochsOf = (cells: readonly (readonly [number, string, number])[]): number[] =>
  cells.filter(([, name]) => name === "loss").map(([epoch]) => epoch);

/** After save 1 failed, everything but the npy files of it is there. */
async function expectWhole(storage: Storage): Promise<void> {
  expect(epochsOf(await cellsOfCsv(storage, "runs/mlp.csv"))).toEqual([0, 1, 2]);
  expect(epochsOf(await cellsOfJsonl(storage, "runs/mlp.jsonl"))).toEqual([0, 1, 2]);
  expect(epochsOf(await cellsOfEvents(storage, "runs/mlp/"))).toEqual([0, 1, 2]);
  expect(epochsOf(await cellsOfNpy(storage, "runs/mlp/"))).toEqual([0, 2]);
}

/** Root may write anywhere: the system is asked as somebody else. */
async function asNobody(work: () => Promise<void>): Promise<void> {
  if (isRoot) process.seteuid!(65534);
  try {
    await work();
  } finally {
    if (isRoot) process.seteuid!(0);
  }
}

describe.skipIf(process.geteuid === undefined)("a folder that is read-only", () => {
  test("from the start: every writer says which file it could not write", async () => {
    await chmod(folder, 0o555);
    const logged: Logged[] = [];
    await asNobody(async () => {
      const tracker = await open(nodeFileStorage({ root: folder }), logged);
      await epoch(tracker, 0.5);
      await epoch(tracker, 0.25);
      expect(tracker.latest?.epoch).toBe(1);
      expect(tracker.latest?.records).toHaveLength(2);
      await tracker.close();
    });
    await chmod(folder, 0o755);
    const errors = logged.filter(({ level }) => level === "error").map(({ message }) => message);
    for (const writer of ["csv", "npy", "jsonl", "tensorboard"]) {
      const own = errors.filter((message) => message.startsWith(`writer "${writer}" could not write save`));
      expect(own).toHaveLength(2);
      expect(own[0]).toMatch(/cannot write "runs\/mlp(\.|\/)[^"]+": EACCES/);
    }
    expect(await readdir(folder)).toEqual([]);
  });

  test("for a while: nothing but npy files of that time is lost", async () => {
    const storage = nodeFileStorage({ root: folder });
    const logged: Logged[] = [];
    await chmod(folder, 0o777);
    await asNobody(async () => {
      const tracker = await open(storage, logged);
      await epoch(tracker, 0.5);
      const files = [...(await storage.list("runs/mlp/events")), "runs/mlp.jsonl"];
      for (const path of files) await chmod(join(folder, path), 0o444);
      const folders = ["runs", "runs/mlp", "runs/mlp/loss", "runs/mlp/_train-saturation_fc"];
      for (const path of folders) await chmod(join(folder, path), 0o555);
      await epoch(tracker, 0.25);
      for (const path of folders) await chmod(join(folder, path), 0o755);
      for (const path of files) await chmod(join(folder, path), 0o644);
      await epoch(tracker, 0.125);
      await tracker.close();
    });
    expect(logged.filter(({ level }) => level === "error")).toHaveLength(4);
    await expectWhole(storage);
  });
});

/** A file system of 128 kB, where root may make one. */
function smallDisk(at: string): boolean {
  const mount = spawnSync("mount", ["-t", "tmpfs", "-o", "size=128k,mode=777", "tmpfs", at]);
  return mount.status === 0;
}

const canMount = ((): boolean => {
  if (!isRoot || process.platform !== "linux") return false;
  const probe = spawnSync("sh", [
    "-c",
    'd=$(mktemp -d) && mount -t tmpfs tmpfs "$d" && umount "$d" && rmdir "$d"',
  ]);
  return probe.status === 0;
})();

describe.skipIf(!canMount)("a disk that is full", () => {
  test("is said with the file's name; when there is room again, logs go on whole", async () => {
    const disk = join(folder, "disk");
    await mkdir(disk);
    expect(smallDisk(disk)).toBe(true);
    try {
      const storage = nodeFileStorage({ root: disk });
      const logged: Logged[] = [];
      const tracker = await open(storage, logged);
      await epoch(tracker, 0.5);
      await writeFile(join(disk, "filler"), new Uint8Array(1 << 17)).catch(() => {});
      await epoch(tracker, 0.25);
      const errors = logged.filter(({ level }) => level === "error");
      expect(errors.length).toBeGreaterThanOrEqual(2);
      for (const { message } of errors) {
        expect(message).toMatch(/cannot (write|append to) "runs\/mlp[^"]+": ENOSPC/);
      }
      await rm(join(disk, "filler"));
      await epoch(tracker, 0.125);
      await tracker.close();
      expect(logged.filter(({ level }) => level === "error")).toHaveLength(errors.length);
      expect(epochsOf(await cellsOfCsv(storage, "runs/mlp.csv"))).toEqual([0, 1, 2]);
      expect(epochsOf(await cellsOfJsonl(storage, "runs/mlp.jsonl"))).toEqual([0, 1, 2]);
      expect(epochsOf(await cellsOfEvents(storage, "runs/mlp/"))).toEqual([0, 1, 2]);
      expect((await readdir(join(disk, "runs"))).sort()).toEqual(["mlp", "mlp.csv", "mlp.jsonl"]);
    } finally {
      spawnSync("umount", [disk]);
    }
  });
});
