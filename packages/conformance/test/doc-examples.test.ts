import { describe, expect, test } from "vitest";
import { docExamples, functionsWithoutExample } from "../src/doc-examples.js";
import { publicPackages } from "../src/packages.js";

const load = (path: string): Promise<unknown> => import(/* @vite-ignore */ path);

describe.each(publicPackages())("examples in the docstrings of $name", ({ folder }) => {
  const examples = docExamples(folder, load);

  test("there are some, and they state values", () => {
    expect(examples.reduce((sum, { checks }) => sum + checks, 0)).toBeGreaterThan(0);
  });

  test("every public function has one", async () => {
    expect(await functionsWithoutExample(folder, load)).toEqual([]);
  });

  for (const { title, runs, run } of examples) test.skipIf(!runs)(title, run);
});
