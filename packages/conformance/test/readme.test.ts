import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { compileExample } from "../src/doc-examples/compile.js";
import { resolveFrom } from "../src/doc-examples.js";
import { publicPackages } from "../src/packages.js";

// Every JavaScript block of the READMEs runs, in an empty folder, and the values in its comments are checked.
const root = fileURLToPath(new URL("../../..", import.meta.url));
const packages = publicPackages();
const readmes = ["README.md", ...packages.map(({ folder }) => join(folder.slice(root.length), "README.md"))];

/** Imports a package as a user of the one that has it would. */
async function load(specifier: string): Promise<unknown> {
  const owner = packages.find(({ name }) => specifier.startsWith(name)) ?? packages.find(hasTensorFlow)!;
  return import(/* @vite-ignore */ resolveFrom(owner.folder, specifier));
}

const hasTensorFlow = ({ name }: { name: string }): boolean => name === "@delve/tfjs";

/** What the TensorFlow.js block takes for granted: a model, and something to train it on. */
async function trainingNames(): Promise<Record<string, unknown>> {
  const tf = (await load("@tensorflow/tfjs")) as typeof import("@tensorflow/tfjs");
  await tf.setBackend("cpu");
  const model = tf.sequential({ layers: [tf.layers.dense({ units: 3, inputShape: [4], name: "hidden" })] });
  model.compile({ optimizer: "sgd", loss: "meanSquaredError" });
  return { model, x: tf.randomNormal([80, 4]), y: tf.randomNormal([80, 3]) };
}

describe.each(readmes)("%s", (readme) => {
  const text = readFileSync(join(root, readme), "utf8");
  const blocks = [...text.matchAll(/^```js\n([\s\S]*?)^```$/gm)].map(([, code]) => code!);
  const home = process.cwd();
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "delve-readme-"));
    process.chdir(folder);
  });
  afterEach(() => {
    process.chdir(home);
    rmSync(folder, { recursive: true, force: true });
  });

  test.each(blocks.map((code, i) => [i + 1, code] as const))("block %i runs", async (_, code) => {
    const needsModel = /\bmodel\b/.test(code);
    await compileExample(code).run({ names: needsModel ? await trainingNames() : {}, load });
    const savePath = /savePath: "([^"]+)"/.exec(code)?.[1];
    if (savePath === undefined) return;
    const written = readdirSync(folder, { recursive: true, encoding: "utf8" });
    expect(written).toContain(`${savePath}.csv`);
    if (code.includes('"plot"')) expect(written.filter((path) => path.endsWith(".png"))).not.toEqual([]);
  });
});
