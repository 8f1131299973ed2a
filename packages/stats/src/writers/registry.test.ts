import { readCase } from "@delve/conformance";
import { referenceBackend } from "@delve/kernel/reference";
import { describe, expect, test } from "vitest";
import { resolveOptions, type TrackerOptions } from "../options.js";
import { memoryStorage } from "../storage/memory-storage.js";
import { openWriters, WRITER_KEYS } from "./registry.js";

const open = async (options: Partial<TrackerOptions>) => {
  const storage = memoryStorage();
  const backend = referenceBackend();
  const writers = await openWriters(resolveOptions({ backend, savePath: "runs/mlp", storage, ...options }));
  await writers.write({ epoch: 0, time: 0, records: [{ kind: "scalar", name: "loss", value: 1 }] });
  await writers.close();
  return storage.list("");
};

const misc = readCase<{ WRITERS: Record<string, string> }>("writers/misc/case.json");

describe("keys", () => {
  test("are those of Delve, and jsonl", () => {
    expect([...WRITER_KEYS].sort()).toEqual([...Object.keys(misc.WRITERS), "jsonl"].sort());
  });

  test.each([
    ["csv", ["runs/mlp.csv"]],
    ["npy", ["runs/mlp/epoch_counter.json", "runs/mlp/loss/loss_epoch0.npy"]],
    ["jsonl", ["runs/mlp.jsonl"]],
    ["tensorboard", ["runs/mlp/events.out.tfevents.0.delve"]],
    ["tb", ["runs/mlp/events.out.tfevents.0.delve"]],
    ["plot", ["runs/mlp.csv"]],
    ["plotcsv", ["runs/mlp.csv"]],
    ["csvplot", ["runs/mlp.csv"]],
    ["csvplotting", ["runs/mlp.csv"]],
  ])("%s", async (saveTo, files) => {
    expect(await open({ saveTo })).toEqual(files);
  });

  test("several that mean the same are one", async () => {
    const files = await open({ saveTo: ["tb", "tensorboard", "csv", "plot"] });
    expect(files).toEqual(["runs/mlp.csv", "runs/mlp/events.out.tfevents.0.delve"]);
  });
});
