import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findOutside, propertyRuns } from "@delve/conformance";
import { fc } from "@fast-check/vitest";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { SaveRecord } from "../src/records.js";
import { memoryStorage } from "../src/storage/memory-storage.js";
import { nodeFileStorage } from "../src/storage/node-file-storage.js";
import type { Storage } from "../src/storage/storage.js";
import { CsvWriter } from "../src/writers/csv-writer.js";
import { inertName } from "../src/writers/formula.js";
import { JsonlWriter } from "../src/writers/jsonl-writer.js";
import { NpyWriter } from "../src/writers/npy-writer.js";
import { PlotWriter } from "../src/writers/plot-writer.js";
import { PrintWriter } from "../src/writers/print-writer.js";
import { TensorBoardWriter } from "../src/writers/tensorboard-writer.js";
import { python } from "./support/python.js";
import { type Cells, cellsOfCsv, cellsOfEvents, cellsOfJsonl, cellsOfNpy } from "./support/read-back.js";
import { saveOf, scalar, stat, writeRun } from "./support/saves.js";

// Layers and scalars may be called anything; every format gives the names back, and nothing else happens.
const NASTY = [
  "__proto__",
  "constructor",
  "toString",
  "../x",
  "../../../etc/passwd",
  "/absolute",
  "C:\\x",
  "=cmd|'/c calc'!A0",
  "+1",
  "-1",
  "@SUM(A1)",
  "\t=1",
  "two\nlines",
  "crlf\r\n",
  "nul\0byte",
  "\u001b[31mred",
  "x".repeat(300),
  "😀".repeat(300),
  "é",
  "e\u0301",
  "Case",
  "CASE",
  "a/b",
  ".",
  "..",
  ".hidden",
  "dot.",
  "space ",
  "CON",
  "nul.txt",
  "100%25",
  "%2e%2e",
  "semi;colon",
  'quo"te',
  "'=x",
  "a,=b",
  "_train-saturation_fc",
  "train-saturation_fc",
  "epoch_counter.json",
  "events.out.tfevents.1700000000.delve",
  "events.out.tfevents.1700000001.delve",
  "mlp_lsat_train_epoch_0.svg",
  "loss_epoch1.npy",
  "\u202eright to left",
  "\ufeffmark",
  "<script>alert(1)</script>",
  " ",
];

const names = fc.uniqueArray(
  fc.oneof(fc.constantFrom(...NASTY), fc.string({ unit: "binary", minLength: 1, maxLength: 40 })),
  { maxLength: 8 },
);

/** Two saves in which every name is a layer's and a scalar's. */
const savesOf = (all: readonly string[]): SaveRecord[] =>
  [0, 1].map((epoch) =>
    saveOf(
      epoch,
      ...all.map((name, i) => scalar(name, epoch + i / 2)),
      ...all.map((layer, index) => stat({ layer, index, value: epoch + index / 4 })),
    ),
  );

const cellsOf = (saves: readonly SaveRecord[], layerName: (layer: string) => string): Cells =>
  saves
    .flatMap(({ epoch, records }) =>
      records.map((record): [number, string, number] => [
        epoch,
        record.kind === "scalar" ? record.name : layerName(record.layer),
        record.value as number,
      ]),
    )
    .sort(([e, n], [f, m]) => e - f || (n < m ? -1 : n > m ? 1 : 0));

async function writeAll(storage: Storage, saves: readonly SaveRecord[]): Promise<void> {
  const print = () => {};
  const writers = [
    new CsvWriter(),
    new JsonlWriter(),
    new NpyWriter(),
    new TensorBoardWriter(),
    new PrintWriter({ print }),
    new PrintWriter({ print, printAs: "lines" }),
  ];
  for (const writer of writers) expect(await writeRun(writer, storage, saves)).toEqual([]);
}

async function expectNames(storage: Storage, saves: readonly SaveRecord[]): Promise<void> {
  const byColumn = cellsOf(saves, (layer) => `train-saturation_${layer}`);
  expect(await cellsOfCsv(storage, "runs/mlp.csv")).toEqual(byColumn);
  expect(await cellsOfJsonl(storage, "runs/mlp.jsonl")).toEqual(byColumn);
  expect(await cellsOfNpy(storage, "runs/mlp/")).toEqual(byColumn);
  expect(await cellsOfEvents(storage, "runs/mlp/")).toEqual(
    cellsOf(saves, (layer) => `saturation/train/${layer}`),
  );
}

/**
 * A storage as on systems that ignore case and how accents are composed; it refuses what they refuse, and a file where
 * a folder is.
 */
function touchyStorage(): Storage {
  const storage = memoryStorage();
  const spelling = new Map<string, string>();
  const check = (path: string): void => {
    const parts = path.split("/");
    for (let depth = 1; depth <= parts.length; depth++) {
      const part = parts[depth - 1]!;
      if (new TextEncoder().encode(part).length > 255) throw new Error(`too long: ${part}`);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what it refuses
      if (/[\u0000-\u001f<>:"|?*\\]|[. ]$|^\.|^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i.test(part)) {
        throw new Error(`not allowed: ${part}`);
      }
      const own = parts.slice(0, depth).join("/") + (depth < parts.length ? "/" : "");
      const folded = own.normalize("NFC").toLowerCase().replace(/\/$/, "");
      const first = spelling.get(folded);
      if (first !== undefined && first !== own) throw new Error(`${own} is ${first}`);
      spelling.set(folded, own);
    }
  };
  return {
    ...storage,
    write: async (path, data) => {
      check(path);
      await storage.write(path, data);
    },
  };
}

describe("names of every kind", () => {
  test("come back from every format, and nothing leaves the run's folder", async () => {
    await fc.assert(
      fc.asyncProperty(names, async (all) => {
        const storage = touchyStorage();
        const saves = savesOf(all);
        await writeAll(storage, saves);
        for (const path of await storage.list("")) expect(path).toMatch(/^runs\/mlp(\.|\/)/);
        await expectNames(storage, saves);
        expect(Object.keys(Object.prototype)).toEqual([]);
      }),
      { numRuns: propertyRuns(60) },
    );
  });

  test("each stays when a run goes on", async () => {
    const storage = touchyStorage();
    const saves = savesOf(NASTY.filter((name) => name !== "train-saturation_fc"));
    await writeAll(storage, saves.slice(0, 1));
    for (const writer of [new CsvWriter(), new JsonlWriter(), new NpyWriter(), new TensorBoardWriter()]) {
      expect(await writeRun(writer, storage, saves.slice(1), { initialEpoch: 1 })).toEqual([]);
    }
    await expectNames(storage, saves);
  });

  test("no line of the CSV begins a formula, whichever sign parts its cells", async () => {
    const storage = memoryStorage();
    await writeRun(new CsvWriter(), storage, savesOf(NASTY));
    const text = new TextDecoder().decode((await storage.read("runs/mlp.csv"))!);
    for (const part of text.split(/[;,|\t\n\r]/)) {
      expect(part.replaceAll('"', "")).not.toMatch(/^[ \t]*[=+@]|^[ \t]*-(?!\d|inf$)/);
    }
  });

  test("plots stay in the folder and are well-formed", async () => {
    const storage = touchyStorage();
    await writeAll(storage, savesOf(NASTY).slice(0, 1));
    const before = new Set(await storage.list(""));
    await writeRun(new PlotWriter({ formats: ["svg"] }), storage, savesOf(NASTY).slice(0, 1));
    const paths = (await storage.list("")).filter((path) => !before.has(path));
    expect(paths).toEqual(["runs/mlp/mlp_lsat_train_epoch_0.svg"]);
    const svg = new TextDecoder().decode((await storage.read(paths[0]!))!);
    expect(svg).not.toContain("<script");
    // biome-ignore lint/suspicious/noControlCharactersInRegex: XML must not hold them
    expect(svg).not.toMatch(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/);
  });
});

describe("on the disk", () => {
  let folder = "";
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "delve-names-"));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  test("the nasty ones come back, and lie where they should", async () => {
    const storage = nodeFileStorage({ root: folder });
    const saves = savesOf(NASTY.filter((name) => name !== "train-saturation_fc"));
    await writeAll(storage, saves);
    await expectNames(storage, saves);
    expect(await readdir(folder)).toEqual(["runs"]);
    expect((await readdir(join(folder, "runs"))).sort()).toEqual(["mlp", "mlp.csv", "mlp.jsonl"]);
  });

  const pandas = findOutside("pandas");
  test.skipIf(pandas === null)("pandas reads their columns", () => {
    const { columns } = python<{ columns: { name: string }[] }>(
      pandas!,
      "read_csv.py",
      join(folder, "runs/mlp.csv"),
    );
    expect(columns).toHaveLength(2 * NASTY.length - 2);
    const read = new Set(columns.map(({ name }) => name));
    // Python's text reading makes one kind of line end of all, and drops what stands after a NUL.
    for (const name of NASTY.filter((name) => !/[\r\0]|^train-/.test(name))) {
      expect(read).toContain(inertName(`train-saturation_${name}`));
    }
  });
});
