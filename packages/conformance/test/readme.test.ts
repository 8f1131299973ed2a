import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { compileExample } from "../src/doc-examples/compile.js";
import { resolveFrom } from "../src/doc-examples.js";
import { networkCases } from "../src/networks.js";
import { publicPackages } from "../src/packages.js";

// Every JavaScript block of the READMEs runs, in an empty folder, and the values in its comments are checked.
const root = fileURLToPath(new URL("../../..", import.meta.url));
const packages = publicPackages();
const readmes = ["README.md", ...packages.map(({ folder }) => join(folder.slice(root.length), "README.md"))];

/** Imports a package as a user of the one that has it would. */
async function load(specifier: string): Promise<unknown> {
  const named = packages.find(({ name }) => specifier.startsWith(name));
  const owner = named ?? packages.find(/tensorflow/.test(specifier) ? hasTensorFlow : hasOnnxRuntime)!;
  return import(/* @vite-ignore */ resolveFrom(owner.folder, specifier));
}

const hasTensorFlow = ({ name }: { name: string }): boolean => name === "@delve/tfjs";

const hasOnnxRuntime = ({ name }: { name: string }): boolean => name === "@delve/onnxruntime";

/** What the blocks of ONNX Runtime take for granted: a model in the folder, and inputs for it; a pipeline's files. */
async function onnxNames(code: string, folder: string): Promise<Record<string, unknown>> {
  if (code.includes("@huggingface/transformers")) {
    const { env } = (await load("@huggingface/transformers")) as { env: Record<string, unknown> };
    Object.assign(env, { allowRemoteModels: false, localModelPath: folder });
    const { writeTextEncoder } = await import(join(root, "examples/lib/text-encoder-files.js"));
    writeTextEncoder(
      join(folder, "tiny"),
      { layers: 1, width: 8, heads: 2 },
      { mkdirSync, writeFileSync, join },
    );
    return {};
  }
  const { model, input } = networkCases().find(({ name }) => name === "mlp")!;
  copyFileSync(model, join(folder, "model.onnx"));
  const { Tensor } = (await load("onnxruntime-node")) as {
    Tensor: new (type: string, data: Float32Array, dims: number[]) => unknown;
  };
  return { batches: [new Tensor("float32", Float32Array.from(input.data), [...input.shape])] };
}

/** What the TensorFlow.js block takes for granted: a model, and something to train it on. */
async function trainingNames(): Promise<Record<string, unknown>> {
  const tf = (await load("@tensorflow/tfjs")) as typeof import("@tensorflow/tfjs");
  await tf.setBackend("cpu");
  const model = tf.sequential({ layers: [tf.layers.dense({ units: 3, inputShape: [4], name: "hidden" })] });
  model.compile({ optimizer: "sgd", loss: "meanSquaredError" });
  return { model, x: tf.randomNormal([80, 4]), y: tf.randomNormal([80, 3]) };
}

async function namesFor(code: string, folder: string): Promise<Record<string, unknown>> {
  if (code.includes("onnxruntime")) return onnxNames(code, folder);
  return /\bmodel\b/.test(code) ? trainingNames() : {};
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
    await compileExample(code).run({ names: await namesFor(code, folder), load });
    const savePath = /savePath: "([^"]+)"/.exec(code)?.[1];
    if (savePath === undefined) return;
    const written = readdirSync(folder, { recursive: true, encoding: "utf8" });
    expect(written).toContain(`${savePath}.csv`);
    if (code.includes('"plot"')) expect(written.filter((path) => path.endsWith(".png"))).not.toEqual([]);
  });
});
