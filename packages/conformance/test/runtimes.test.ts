import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { publicPackages, ROOT } from "../src/packages.js";

// The README's table against the results it is made of, and these against what there is to run.
interface Row {
  project: string;
  runtime: string;
  how?: string;
  version: string;
  package: string;
  passed: boolean;
  failed?: boolean;
  ran?: string;
  reason?: string;
}
interface Table {
  readResults(): Row[];
  renderTable(rows: Row[]): string;
  withTable(text: string, table: string): string;
}
interface Check {
  check(wanted: string[], answer: Record<string, unknown>): void;
  expected: Record<string, unknown>;
  readRun(files: { csv: string; jsonl: string }): unknown;
}

const folder = join(ROOT, "runtime-tests");
const load = (name: string): Promise<unknown> => import(/* @vite-ignore */ join(folder, "lib", name));
const { readResults, renderTable, withTable } = (await load("table.mjs")) as Table;
const { check, expected, readRun } = (await load("check.mjs")) as Check;

const nameOfRow = ({ project, runtime, how }: Row): string => `${project}: ${runtime}, ${how}`;

describe("the table of runtimes in the README", () => {
  const rows = readResults();
  const readme = readFileSync(join(ROOT, "README.md"), "utf8");

  test("is the one that the results give", () => {
    expect(withTable(readme, renderTable(rows))).toBe(readme);
  });

  test("has every project, and every package in each of its runtimes", () => {
    const packages = publicPackages().map(({ name }) => name.replace("@delve/", ""));
    expect(new Set(rows.map(({ project }) => project))).toEqual(
      new Set(readdirSync(join(folder, "projects"))),
    );
    for (const runtime of new Set(rows.map(nameOfRow))) {
      const own = rows.filter((row) => nameOfRow(row) === runtime);
      expect(own.map((row) => row.package).sort(), runtime).toEqual(packages.sort());
    }
  });

  test("says of each what was run, or why not, and nothing has failed", () => {
    const silent = rows.filter(({ passed, ran, reason }) => !(passed ? ran : reason));
    expect(silent).toEqual([]);
    expect(rows.filter(({ failed }) => failed)).toEqual([]);
  });

  test("is refused where its marks are missing", () => {
    expect(() => withTable("# delve", "")).toThrow("must have <!-- runtimes");
  });
});

describe("the check of the runtime tests", () => {
  const right = {
    saturation: expected["saturation"],
    idim: expected["idim"],
    spectrum: expected["spectrum"],
  };
  const spectrum = expected["spectrum"] as number[];

  test("lets the right figures pass, and sums that are rounded otherwise", () => {
    const trace = (expected["trace"] as number) * (1 + 1e-14);
    expect(() => check(["saturation", "idim", "spectrum", "trace"], { ...right, trace })).not.toThrow();
  });

  test.each([
    ["saturation", 0.625],
    ["saturation", undefined],
    ["idim", [1, 3, 4, 4]],
    ["idim99", 5],
    ["trace", (expected["trace"] as number) * (1 + 1e-10)],
    ["spectrum", spectrum.slice(1)],
    ["spectrum", spectrum.map((value, i) => (i === 7 ? value + 1e-9 : value))],
    ["missing", ["track"]],
  ])("refuses a wrong %s", (field, value) => {
    expect(() => check([field], { ...right, [field]: value })).toThrow(`${field} must be`);
  });

  test("refuses two files that tell different figures", () => {
    const csv = ";eval-saturation_layer\n0;0.5\n";
    expect(() => readRun({ csv, jsonl: '{"layer":"layer","stat":"lsat","value":0.25}\n' })).toThrow(
      "lsat must be the same",
    );
  });
});

describe.each(readdirSync(join(folder, "projects")))("the manifest of %s", (name) => {
  const { dependencies } = JSON.parse(
    readFileSync(join(folder, "projects", name, "package.json"), "utf8"),
  ) as {
    dependencies: Record<string, string>;
  };

  test("pins every version", () => {
    expect(Object.values(dependencies).filter((version) => !/^\d+\.\d+\.\d+$/.test(version))).toEqual([]);
  });
});
