import { expect, test, vi } from "vitest";
import type { SaveRecord, TidyRecord } from "../records.js";
import { memoryStorage } from "../storage/memory-storage.js";
import type { Storage } from "../storage/storage.js";
import { CsvWriter } from "./csv-writer.js";
import type { Run } from "./writer.js";

const runOn = (storage: Storage, initialEpoch = 0) => {
  const log = vi.fn();
  const run: Run = { name: "mlp", savePath: "runs/mlp", storage, initialEpoch, threshold: 0.99, log };
  return { run, log };
};

const save = (epoch: number, ...records: TidyRecord[]): SaveRecord => ({ epoch, time: 0, records });
const loss = (value: number): TidyRecord => ({ kind: "scalar", name: "loss", value });
const stat = (more: object): TidyRecord => ({
  kind: "stat",
  phase: "train",
  layer: "fc",
  index: 0,
  stat: "idim",
  label: "intrinsic-dimensionality",
  value: 5,
  integer: true,
  samples: 100,
  features: 8,
  undersampled: false,
  ...more,
});

const textOf = async (storage: Storage, path = "runs/mlp.csv") =>
  new TextDecoder().decode((await storage.read(path))!);

async function write(storage: Storage, initialEpoch: number, ...saves: SaveRecord[]) {
  const { run, log } = runOn(storage, initialEpoch);
  const writer = new CsvWriter();
  await writer.open(run);
  for (const one of saves) await writer.write(one);
  return log;
}

test("a row a save, whole after each; matrices are left out", async () => {
  const storage = memoryStorage();
  const cov = stat({
    stat: "cov",
    label: "covariance-matrix",
    value: { rows: 1, columns: 1, data: new Float64Array(1) },
  });
  await write(
    storage,
    0,
    save(0, loss(1), stat({}), cov),
    save(1, loss(0.5), stat({ value: null, phase: "eval" }), stat({})),
  );
  expect(await textOf(storage)).toBe(";loss;train-intrinsic-dimensionality_fc\n0;1.0;5\n1;0.5;5\n");
});

test("a fresh run replaces the file of an older one, at its first save", async () => {
  const storage = memoryStorage();
  await storage.write("runs/mlp.csv", "old");
  await write(storage, 0);
  expect(await textOf(storage)).toBe("old");
  await write(storage, 0, save(0, loss(1)));
  expect(await textOf(storage)).toBe(";loss\n0;1.0\n");
});

test("a run goes on: rows from its first save on are dropped, the others kept to the last digit", async () => {
  const storage = memoryStorage();
  await storage.write(
    "runs/mlp.csv",
    ";loss;train-intrinsic-dimensionality_fc\n0;0.30000000000000004;4\n1;0.1;4\n2;9.0;9\n",
  );
  const log = await write(storage, 2, save(2, loss(0.05), stat({})));
  expect(await textOf(storage)).toBe(
    ";loss;train-intrinsic-dimensionality_fc\n0;0.30000000000000004;4\n1;0.1;4\n2;0.05;5\n",
  );
  expect(log).not.toHaveBeenCalled();
});

test("nothing to go on from: a warning, and a file that starts there", async () => {
  const storage = memoryStorage();
  const log = await write(storage, 3, save(3, loss(1)));
  expect(log).toHaveBeenCalledExactlyOnceWith(
    "warn",
    expect.stringContaining('"runs/mlp.csv" does not exist'),
    expect.anything(),
  );
  expect(await textOf(storage)).toBe(";loss\n3;1.0\n");
});

test.each([
  ["a torn row", ";loss\n0;1.0\n1;0."],
  ["a row too short", ";loss;acc\n0;1.0\n"],
  ["no text", Uint8Array.of(0xff, 0xfe, 0x00)],
])("a file that cannot be read (%s) is left alone", async (_, damaged) => {
  const storage = memoryStorage();
  await storage.write("runs/mlp.csv", damaged);
  await storage.write("runs/mlp-2.csv", "taken too");
  const before = await storage.read("runs/mlp.csv");
  const log = await write(storage, 2, save(2, loss(1)));
  expect(log).toHaveBeenCalledExactlyOnceWith(
    "warn",
    expect.stringContaining('goes to "runs/mlp-3.csv"'),
    expect.anything(),
  );
  expect(await storage.read("runs/mlp.csv")).toEqual(before);
  expect(await textOf(storage, "runs/mlp-3.csv")).toBe(";loss\n2;1.0\n");
});

test("must be opened", async () => {
  await expect(new CsvWriter().write(save(0))).rejects.toThrow(/open must be called/);
});
