import { readFileSync } from "node:fs";
import { fixturePath, readCase, readFloats } from "@delve/conformance";
import { describe, expect, test } from "vitest";
import { goldenSaves } from "../../test/support/golden-saves.js";
import { saveOf, scalar, writeRun } from "../../test/support/saves.js";
import type { SaveRecord } from "../records.js";
import { memoryStorage } from "../storage/memory-storage.js";
import type { Storage } from "../storage/storage.js";
import { CsvTable, parseCsv } from "./csv-table.js";
import { CsvWriter } from "./csv-writer.js";
import { PrintWriter } from "./print-writer.js";

// What Python Delve's writers made of the same values. The npy tree is compared in npy-writer.test.ts.
const golden = (path: string): string => readFileSync(fixturePath(`writers/${path}`), "utf8");
const textOf = async (storage: Storage, path: string) =>
  new TextDecoder().decode((await storage.read(path))!);

async function csvOf(saves: readonly SaveRecord[]): Promise<string> {
  const storage = memoryStorage();
  await writeRun(new CsvWriter(), storage, saves, { savePath: "run" });
  return textOf(storage, "run.csv");
}

describe("csv_3_epochs", () => {
  const saves = goldenSaves();

  test.each([0, 1, 2])("the text after save %d", async (epoch) => {
    expect(await csvOf(saves.slice(0, epoch + 1))).toBe(golden(`csv_3_epochs/after_epoch_${epoch}.csv`));
  });

  test("resumed: the old rows stay as they are, where Delve rounds them; the new one is Delve's", async () => {
    const storage = memoryStorage();
    const before = golden("csv_3_epochs/after_epoch_2.csv");
    await storage.write("run.csv", before);
    await writeRun(new CsvWriter(), storage, [saves[3]!], { initialEpoch: 3, savePath: "run" });
    const theirs = golden("csv_3_epochs/after_resume_epoch_3.csv");
    expect(theirs.startsWith(before)).toBe(false);
    expect(await textOf(storage, "run.csv")).toBe(before + theirs.slice(theirs.indexOf("\n3;") + 1));
  });
});

test("csv_default: one statistic, two saves", async () => {
  const saves = goldenSaves().slice(0, 2);
  const saturation = saves.map((save) => ({
    ...save,
    records: save.records.filter((record) => record.kind === "stat" && record.label === "saturation"),
  }));
  expect(await csvOf(saturation)).toBe(golden("csv_default/out.csv"));
});

test("csv_floats: floats of every size, digit for digit", async () => {
  const { data } = readFloats("writers/csv_floats/values.npy");
  expect(data.length).toBeGreaterThan(100);
  expect(await csvOf(Array.from(data, (value, epoch) => saveOf(epoch, scalar("x", value))))).toBe(
    golden("csv_floats/out.csv"),
  );
});

describe("csv_formatting", () => {
  const { columns } = readCase<{ columns: Record<string, { py: string; v: unknown }[]> }>(
    "writers/csv_formatting/case.json",
  );
  const NUMBERS = ["int", "float", "float32", "int64", "NoneType"];
  // Texts, truth values and whole numbers beyond 2^53 are nothing that a JavaScript number can be; the next test has them.
  const numeric = Object.entries(columns).filter(
    ([name, cells]) =>
      cells.every(({ py }) => NUMBERS.includes(py)) &&
      name !== "bigint" &&
      !name.startsWith("covariance-matrix"),
  );

  test("numbers of every kind", () => {
    expect(numeric).toHaveLength(19);
    const table = new CsvTable();
    for (const row of [0, 1, 2]) {
      const cells = numeric.map(([column, cells]) => {
        const { py, v } = cells[row]!;
        // pandas prints a float32 with the digits that tell float32s apart.
        const value = py === "float32" ? Number((v as number).toPrecision(8)) : ((v ?? Number.NaN) as number);
        return { column, value, integer: py.startsWith("int") };
      });
      table.append(row, cells);
    }
    expect(CsvTable.parse(table.toString()).columns).toEqual(numeric.map(([name]) => name));
    const theirs = recordsIn(golden("csv_formatting/out.csv"));
    for (const [row, cells] of recordsIn(table.toString()).entries()) {
      for (const [name, text] of cells) expect([name, text]).toEqual([name, theirs[row]!.get(name)]);
    }
  });

  test.each(["out.csv", "after_resume.csv"])("%s is read and written back to the byte", (file) => {
    const text = golden(`csv_formatting/${file}`);
    expect(CsvTable.parse(text).toString()).toBe(text);
  });
});

function recordsIn(text: string): Map<string, string>[] {
  const [header, ...rows] = parseCsv(text);
  return rows.map((row) => new Map(row.map((cell, i) => [header![i]!, cell])));
}

describe("csv_uneven: where Delve raises, cells stay empty", () => {
  const { cases } = readCase<{
    cases: { writer?: string; name: string; adds?: [string, number][][]; csv?: string; error?: object }[];
  }>("writers/csv_uneven/case.json");
  const expected: Record<string, string> = {
    scalar_starts_late: ";a;late\n0;1.0;\n1;2.0;0.5\n",
    scalar_twice_in_epoch: ";a;b\n0;1.0;1.0\n0;2.0;\n",
    scalar_added_after_save: ";a;acc\n0;1.0;\n1;2.0;0.5\n2;3.0;0.6\n",
    empty: '""\n',
  };

  test.each(cases.filter(({ writer }) => writer === "CSVWriter"))(
    "$name",
    async ({ name, adds, csv, error }) => {
      const saves = adds!.map((values, epoch) =>
        saveOf(epoch, ...values.map(([n, value]) => scalar(n, value))),
      );
      expect(await csvOf(saves)).toBe(expected[name]);
      expect(csv ?? expected[name]).toBe(expected[name]);
      expect(error === undefined).toBe(name === "empty");
    },
  );
});

describe("print", () => {
  const withoutLog = (text: string): string => text.replace(/^INFO:delve:.*\n/gm, "");
  const printed = async (saves: readonly SaveRecord[]): Promise<string> => {
    const lines: string[] = [];
    await writeRun(
      new PrintWriter({ printAs: "lines", print: (text) => lines.push(text) }),
      memoryStorage(),
      saves,
    );
    return `${lines.join("\n")}\n`;
  };
  const pick = (labels: readonly string[]): SaveRecord[] =>
    goldenSaves()
      .slice(0, 2)
      .map((save) => ({
        ...save,
        records: save.records.filter((record) =>
          record.kind === "scalar" ? record.name === "accuracy" : labels.includes(record.label),
        ),
      }));

  test("lines as Delve prints them", async () => {
    expect(await printed(pick(["saturation", "intrinsic-dimensionality"]))).toBe(
      withoutLog(golden("print/print_lsat_idim.stdout.txt")),
    );
  });

  test("all statistics, but for the text of matrices", async () => {
    const theirs = withoutLog(golden("print/print_all.stdout.txt"));
    // A matrix goes over several lines, until the next name.
    const numbers = theirs.replace(/^_\S*covariance-matrix\S* : \[\[[^\]]*\](\s*\[[^\]]*\])*\]\n/gm, "");
    expect(numbers).not.toContain("[");
    const labels = [
      "saturation",
      "intrinsic-dimensionality",
      "covariance-determinant",
      "covariance-trace",
      "diagonal-trace",
    ];
    expect(await printed(pick(labels))).toBe(numbers);
  });
});
