import { existsSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { docExamples, functionsWithoutExample } from "../src/doc-examples.js";

const packages = fileURLToPath(new URL("../..", import.meta.url));
const load = (path: string): Promise<unknown> => import(/* @vite-ignore */ path);

// The public packages; this one documents itself by its tests.
const folders = readdirSync(packages)
  .filter((name) => name !== "conformance" && existsSync(`${packages}${name}/src/index.ts`))
  .map((name) => `${packages}${name}`);

describe.each(folders)("examples in the docstrings of %s", (folder) => {
  const examples = docExamples(folder, load);

  test("there are some, and they state values", () => {
    expect(examples.reduce((sum, { checks }) => sum + checks, 0)).toBeGreaterThan(0);
  });

  test("every public function has one", async () => {
    expect(await functionsWithoutExample(folder, load)).toEqual([]);
  });

  for (const { title, runs, run } of examples) test.skipIf(!runs)(title, run);
});
