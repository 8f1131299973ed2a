import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";

// PARITY.md names the tests that pin each behaviour; here it is held to that. A letter stands for a file. Titles that
// are made from recorded cases (their ids) are looked up among the fixtures as well.
const root = fileURLToPath(new URL("../../..", import.meta.url));
const read = (path: string): string => readFileSync(join(root, path), "utf8");
const text = read("PARITY.md");
const letters = new Map(
  [...text.matchAll(/\| ([A-Z]{1,2}) \| `([^`]+)`/g)].map(([, letter, path]) => [letter, path]),
);
const generated = [
  "packages/conformance/fixtures/index.json",
  "packages/conformance/fixtures/naming/naming.json",
  "packages/conformance/fixtures/metrics/metrics.json",
  "packages/stats/test/goldens/differences.ts",
].map(read);

/** Each "letter › title" or "path › title" of the last column. */
function references(): { source: string; title: string }[] {
  const rows = text.split("\n").filter((line) => line.startsWith("| ") && line.includes(" › "));
  return rows.flatMap((row) => {
    const cell = row.split(" | ").at(-1)!.replace(/ \|$/, "");
    let source = "";
    return cell.split("; ").flatMap((part) => {
      const [first, ...titles] = part.split(" › ");
      // "…" stands for the file named before it.
      if (first !== "…") source = first!.replaceAll("`", "");
      return titles.map((title) => ({ source, title }));
    });
  });
}

/** What must stand in the test's file as it is: the longest part of the title between what a table fills in. */
function literal(title: string): string {
  const parts = title
    .replace(/ \(.*\)$/, "")
    .split(/…|\$\w+|%\w/)
    .map((part) => part.trim().replace(/[,:]$/, ""));
  return parts.reduce((longest, part) => (part.length > longest.length ? part : longest));
}

test("every file that it names is there", () => {
  const paths = [...text.matchAll(/`(packages\/[^`*]+)`/g)].map(([, path]) => path!);
  expect(paths.length).toBeGreaterThan(20);
  expect(paths.filter((path) => !existsSync(join(root, path)))).toEqual([]);
});

describe("every test that it names is there", () => {
  const named = references();
  test("there are many", () => expect(named.length).toBeGreaterThan(100));

  test.each(named.map(({ source, title }) => [source, title] as const))("%s › %s", (source, title) => {
    const path = letters.get(source) ?? source;
    const haystack = [read(path), ...generated].join("\n");
    const wanted = literal(title);
    const found =
      haystack.includes(wanted) || wanted.split(", ").every((id) => haystack.includes(id.replace("*", "")));
    expect(found, `"${wanted}" in ${path}`).toBe(true);
  });
});
