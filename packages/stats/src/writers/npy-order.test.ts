import { readFileSync } from "node:fs";
import { fixturePath, readCase } from "@delve/conformance";
import { expect, test } from "vitest";
import { memoryStorage } from "../storage/memory-storage.js";
import { encodeNpy } from "./npy.js";
import { inTreeOrder } from "./npy-order.js";
import { listNpyTree } from "./npy-tree.js";

const zero = encodeNpy({ dtype: "<f8", shape: [], data: Float64Array.of(0) });

test("what is known comes first, the rest by group and the value of numbers", () => {
  const folders = [
    "_eval-saturation_a",
    "_train-saturation_l10",
    "_train-saturation_l9",
    "loss",
    "acc01",
    "acc1",
  ];
  expect(inTreeOrder(folders, ["_train-saturation_l10", "gone"])).toEqual([
    "_train-saturation_l10",
    "acc01",
    "acc1",
    "loss",
    "_train-saturation_l9",
    "_eval-saturation_a",
  ]);
});

test("a tree of Python Delve's is in the order of its run", async () => {
  const storage = memoryStorage();
  const { epoch_counter } = readCase<{ epoch_counter: object }>("writers/npy_3_epochs/case.json");
  const keys = Object.keys(epoch_counter);
  for (const key of [...keys].sort()) await storage.write(`run/${key}/${key}_epoch0.npy`, zero);
  const counter = readFileSync(fixturePath("writers/npy_3_epochs/files/run/epoch_counter.pkl"));
  await storage.write("run/epoch_counter.pkl", counter);
  const columns = (await listNpyTree(storage, "run/")).map(({ column }) => column);
  expect(columns).toEqual(keys.map((key) => key.replace(/^_/, "")));
});
