import { readFileSync } from "node:fs";
import { fixturePath, readCase } from "@delve/conformance";
import { describe, expect, test } from "vitest";
import { failingStorage, runOn, saveOf, scalar, stat, writeRun } from "../../test/support/saves.js";
import type { Phase, SaveRecord, TidyRecord } from "../records.js";
import { memoryStorage } from "../storage/memory-storage.js";
import type { Storage } from "../storage/storage.js";
import { decodeNpy } from "./npy.js";
import { listNpyTree } from "./npy-tree.js";
import { NpyWriter } from "./npy-writer.js";

const STATE = "runs/mlp/epoch_counter.json";
const stateOf = async (storage: Storage, path = STATE) =>
  JSON.parse(new TextDecoder().decode((await storage.read(path))!));
const contentOf = async (storage: Storage, prefix = "") =>
  new Map(
    await Promise.all(
      (await storage.list(prefix)).map(async (path) => [path, await storage.read(path)] as const),
    ),
  );
const numbersIn = async (storage: Storage, path: string) =>
  Array.from(decodeNpy((await storage.read(path))!).data, Number);

const saves = [0, 1, 2].map((epoch) =>
  saveOf(
    epoch,
    scalar("loss", 1 / (epoch + 3)),
    stat({ value: epoch / 7 }),
    stat({ phase: "eval", value: null }),
  ),
);

describe("the tree", () => {
  test("a file for each value, and the state", async () => {
    const storage = memoryStorage();
    expect(await writeRun(new NpyWriter(), storage, saves.slice(0, 2))).toEqual([]);
    expect(await storage.list("")).toEqual([
      "runs/mlp/_train-saturation_fc/_train-saturation_fc_epoch0.npy",
      "runs/mlp/_train-saturation_fc/_train-saturation_fc_epoch1.npy",
      STATE,
      "runs/mlp/loss/loss_epoch0.npy",
      "runs/mlp/loss/loss_epoch1.npy",
    ]);
    expect(await numbersIn(storage, "runs/mlp/loss/loss_epoch1.npy")).toEqual([0.25]);
    expect(await stateOf(storage)).toMatchObject({ version: 1, next: 2, index: [] });
  });

  test("a column that comes twice has both values", async () => {
    const storage = memoryStorage();
    await writeRun(new NpyWriter(), storage, [saveOf(0, scalar("a", 1), scalar("a", 2))]);
    expect(decodeNpy((await storage.read("runs/mlp/a/a_epoch0.npy"))!)).toMatchObject({ shape: [2] });
    expect(await numbersIn(storage, "runs/mlp/a/a_epoch0.npy")).toEqual([1, 2]);
  });

  test("a scalar that is named as a statistic's folder is told apart", async () => {
    const storage = memoryStorage();
    await writeRun(new NpyWriter(), storage, [
      saveOf(0, scalar("_train-saturation_fc", 1), stat({ value: 0.5 })),
    ]);
    const columns = await listNpyTree(storage, "runs/mlp/");
    expect(columns.map(({ column, kind }) => [column, kind])).toEqual([
      ["_train-saturation_fc", "scalar"],
      ["train-saturation_fc", "stat"],
    ]);
  });

  test("a fresh run replaces the tree of an older one at its first save, and nothing else", async () => {
    const storage = memoryStorage();
    await writeRun(new NpyWriter(), storage, saves);
    await storage.write("runs/mlp/mlp_lsat_train_epoch_0.svg", "<svg/>");
    await storage.write("runs/mlp/notes/data.npy", "mine");
    const writer = new NpyWriter();
    await writer.open(runOn(storage));
    expect(await storage.list("runs/mlp/loss/")).toHaveLength(3);
    await writer.write(saveOf(0, scalar("acc", 1)));
    expect(await storage.list("")).toEqual([
      "runs/mlp/acc/acc_epoch0.npy",
      STATE,
      "runs/mlp/mlp_lsat_train_epoch_0.svg",
      "runs/mlp/notes/data.npy",
    ]);
  });

  test("what one save could not write does not hold up the next", async () => {
    let full = true;
    const storage = memoryStorage();
    const writer = new NpyWriter();
    await writer.open(runOn(failingStorage(storage, () => full)));
    await expect(writer.write(saves[0]!)).rejects.toThrow('cannot write "runs/mlp/loss/loss_epoch0.npy"');
    full = false;
    await writer.write(saves[1]!);
    expect((await listNpyTree(storage, "runs/mlp/")).map(({ files }) => [...files.keys()])).toEqual([
      [1],
      [1],
    ]);
  });

  test("must be opened; zip is yes or no", async () => {
    await expect(new NpyWriter().write(saves[0]!)).rejects.toThrow(/open must be called/);
    expect(() => new NpyWriter({ zip: "yes" as never })).toThrow(
      'writerArgs: zip must be true or false, got "yes"',
    );
  });
});

describe("a resumed run", () => {
  test("drops files from its first save on; the others stay to the bit", async () => {
    const storage = memoryStorage();
    await writeRun(new NpyWriter(), storage, saves);
    const before = await contentOf(storage, "runs/mlp/");
    expect(
      await writeRun(new NpyWriter(), storage, [saveOf(2, scalar("acc", 1))], { initialEpoch: 2 }),
    ).toEqual([]);
    const after = await contentOf(storage, "runs/mlp/");
    expect([...after.keys()].filter((path) => path.endsWith("2.npy"))).toEqual([
      "runs/mlp/acc/acc_epoch2.npy",
    ]);
    for (const [path, bytes] of before)
      if (/epoch[01]\.npy$/.test(path)) expect(after.get(path)).toEqual(bytes);
    expect([...after.keys()].filter((path) => /epoch[01]\.npy$/.test(path))).toHaveLength(4);
  });

  test("keeps the folders that names have been given", async () => {
    const storage = memoryStorage();
    const long = "x".repeat(300);
    const epochs = (epoch: number): SaveRecord =>
      saveOf(epoch, scalar("a", 1), scalar("A", 2), scalar(long, epoch));
    await writeRun(new NpyWriter(), storage, [epochs(0)]);
    await writeRun(new NpyWriter(), storage, [epochs(1)], { initialEpoch: 1 });
    const columns = await listNpyTree(storage, "runs/mlp/");
    expect(columns.map(({ column, files }) => [column, [...files.keys()]]).sort()).toEqual([
      ["A", [0, 1]],
      ["a", [0, 1]],
      [long, [0, 1]],
    ]);
  });

  test("nothing to go on from: a warning", async () => {
    const messages = await writeRun(new NpyWriter(), memoryStorage(), [], { initialEpoch: 2 });
    expect(messages).toEqual([
      { level: "warn", message: '"runs/mlp/" has no .npy files: the tree starts at save 2' },
    ]);
  });

  test.each([
    ["missing", null],
    ["torn", '{"format":"delve npy tree","ver'],
    ["of something else", '{"format":"x","version":1,"next":1,"index":[]}'],
    ["leading out of the tree", '{"format":"delve npy tree","version":1,"next":1,"index":[["../x","y"]]}'],
  ])("with a state that is %s leaves the tree alone and goes to a folder beside it", async (_, state) => {
    const storage = memoryStorage();
    await writeRun(new NpyWriter(), storage, saves);
    if (state === null) await storage.remove(STATE);
    else await storage.write(STATE, state);
    await storage.write("runs/mlp-2/taken", "");
    const before = await contentOf(storage, "runs/mlp/");
    const [message, ...more] = await writeRun(new NpyWriter(), storage, [saves[2]!], { initialEpoch: 2 });
    expect(more).toEqual([]);
    expect(message!.level).toBe("warn");
    expect(message!.message).toMatch(
      /"runs\/mlp\/" cannot be continued \(.*epoch_counter.json.*\): .* go to "runs\/mlp-3\/"/,
    );
    expect(await contentOf(storage, "runs/mlp/")).toEqual(before);
    expect(await numbersIn(storage, "runs/mlp-3/loss/loss_epoch2.npy")).toEqual([0.2]);
  });
});

describe("Delve's tree", () => {
  const { listing } = readCase<{ listing: string[] }>("writers/npy_3_epochs/case.json");
  const paths = listing.filter((path) => path.endsWith(".npy")).sort();
  const bytesOf = (path: string): Uint8Array =>
    new Uint8Array(readFileSync(fixturePath(`writers/npy_3_epochs/files/${path}`)));

  /** A record of what Delve wrote to a file. */
  function recordOf(path: string): TidyRecord {
    const { dtype, shape, data } = decodeNpy(bytesOf(path));
    const [, key] = path.split("/");
    const [, phase, label, layer] = /^_(train|eval)-(.+?)_(.+)$/.exec(key!) ?? [];
    const number = Number(data[0]);
    if (phase === undefined) return scalar(key!, number);
    const matrix = { rows: shape[0]!, columns: shape[1]!, data: data as Float64Array };
    const value = shape.length === 0 ? number : matrix;
    return stat({ phase: phase as Phase, label: label!, layer: layer!, value, integer: dtype === "<i8" });
  }

  const goldenSaves = [0, 1, 2].map((epoch) =>
    saveOf(epoch, ...paths.filter((path) => path.endsWith(`_epoch${epoch}.npy`)).map(recordOf)),
  );

  test("has the same files, with the same bytes", async () => {
    const storage = memoryStorage();
    await writeRun(new NpyWriter(), storage, goldenSaves, { savePath: "run" });
    expect(await storage.list("")).toEqual([...paths, "run/epoch_counter.json"].sort());
    for (const path of paths) expect(await storage.read(path), path).toEqual(bytesOf(path));
  });

  test("is listed though it has no state of ours, and is no tree to go on with", async () => {
    const storage = memoryStorage();
    for (const path of paths) await storage.write(path, bytesOf(path));
    const columns = await listNpyTree(storage, "run/");
    expect(columns).toHaveLength(38);
    expect(columns.filter(({ kind }) => kind === "scalar").map(({ column }) => column)).toEqual([
      "accuracy",
      "loss",
    ]);
    expect(columns.every(({ files }) => files.size === 3)).toBe(true);
    const [message] = await writeRun(new NpyWriter(), storage, [], { initialEpoch: 3, savePath: "run" });
    expect(message!.message).toContain('go to "run-2/"');
  });
});

test("the zip lies beside the folder and holds the tree, nothing else", async () => {
  const storage = memoryStorage();
  await storage.write("runs/other.txt", "unrelated");
  await storage.write("runs/mlp/plot.svg", "unrelated");
  await writeRun(new NpyWriter({ zip: true }), storage, saves.slice(0, 1));
  const { unzipSync } = await import("fflate");
  const archive = unzipSync((await storage.read("runs/mlp.zip"))!);
  expect(Object.keys(archive).sort()).toEqual([
    "mlp/_train-saturation_fc/_train-saturation_fc_epoch0.npy",
    "mlp/epoch_counter.json",
    "mlp/loss/loss_epoch0.npy",
  ]);
  for (const [path, bytes] of Object.entries(archive))
    expect(bytes).toEqual(await storage.read(`runs/${path}`));
});
