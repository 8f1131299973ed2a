import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { makeModel, tensor } from "../../test/make-model.js";
import { ExternalDataError, ModelFormatError } from "../errors.js";
import { DataType } from "../model/types.js";
import { readModelFiles } from "./read-model-files.node.js";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "delve-external-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const modelAt = (...locations: string[]) =>
  makeModel({
    inputs: [{ name: "x", elemType: DataType.float, shape: [1, 2] }],
    outputs: [{ name: "y" }],
    initializers: locations.map((location, i) => ({
      ...tensor(`w${i}`, [2, 2], [1, 2, 3, 4]),
      external: { location, offset: "0", length: "16" },
    })),
    nodes: [{ opType: "MatMul", inputs: ["x", "w0"], outputs: ["y"] }],
  });

test("a model comes with the files that it names, each once, under the names it uses", async () => {
  const bytes = modelAt("./deep/weights.bin", "./deep/weights.bin", "b.bin");
  await mkdir(join(folder, "deep"));
  await writeFile(join(folder, "model.onnx"), bytes);
  await writeFile(join(folder, "deep/weights.bin"), Uint8Array.of(1, 2, 3));
  await writeFile(join(folder, "b.bin"), Uint8Array.of(4));
  const read = await readModelFiles(join(folder, "model.onnx"));
  expect(read.bytes).toEqual(new Uint8Array(bytes));
  expect(read.externalData).toEqual([
    { path: "./deep/weights.bin", data: Uint8Array.of(1, 2, 3) },
    { path: "b.bin", data: Uint8Array.of(4) },
  ]);
});

test("a URL of a file will do, with spaces and all", async () => {
  const path = join(folder, "my model #1.onnx");
  await writeFile(path, modelAt("b.bin"));
  await writeFile(join(folder, "b.bin"), Uint8Array.of(4));
  const { externalData } = await readModelFiles(pathToFileURL(path).href);
  expect(externalData).toEqual([{ path: "b.bin", data: Uint8Array.of(4) }]);
});

test("a file outside the folder is not opened, though it is there", async () => {
  const inner = join(folder, "inner");
  await mkdir(inner);
  await writeFile(join(folder, "secret"), "secret");
  await writeFile(join(inner, "good.bin"), "good");
  await writeFile(join(inner, "model.onnx"), modelAt("good.bin", "../secret"));
  await expect(readModelFiles(join(inner, "model.onnx"))).rejects.toThrow(ExternalDataError);
});

test("a link out of the folder is not followed", async () => {
  const inner = join(folder, "inner");
  await mkdir(inner);
  await writeFile(join(folder, "secret"), "secret");
  await symlink(join(folder, "secret"), join(inner, "weights.bin"));
  await writeFile(join(inner, "model.onnx"), modelAt("weights.bin"));
  await expect(readModelFiles(join(inner, "model.onnx"))).rejects.toThrow(
    'readModelFiles: "weights.bin", which the model names, must lie in its folder, got a link that leads out of it',
  );
});

test("in a cache of links, the data is found where the model really lies", async () => {
  const [blobs, snapshot] = [join(folder, "blobs"), join(folder, "snapshot")];
  await mkdir(blobs);
  await mkdir(snapshot);
  await writeFile(join(blobs, "a1"), modelAt("weights.bin"));
  await writeFile(join(blobs, "b2"), Uint8Array.of(7));
  await symlink(join(blobs, "a1"), join(snapshot, "model.onnx"));
  await symlink(join(blobs, "b2"), join(snapshot, "weights.bin"));
  const { externalData } = await readModelFiles(join(snapshot, "model.onnx"));
  expect(externalData).toEqual([{ path: "weights.bin", data: Uint8Array.of(7) }]);
});

test("a missing file and a folder are reported by name", async () => {
  await writeFile(join(folder, "model.onnx"), modelAt("gone.bin"));
  await expect(readModelFiles(join(folder, "model.onnx"))).rejects.toThrow(
    /"gone\.bin", which the model names, must be a file in its folder, got ENOENT/,
  );
  await mkdir(join(folder, "gone.bin"));
  await expect(readModelFiles(join(folder, "model.onnx"))).rejects.toThrow(/must be given a file/);
});

test("a file that is no model is refused", async () => {
  await writeFile(join(folder, "model.onnx"), "version https://git-lfs.example/spec/v1\n");
  await expect(readModelFiles(join(folder, "model.onnx"))).rejects.toThrow(ModelFormatError);
});
