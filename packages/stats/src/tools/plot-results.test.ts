import { readFileSync } from "node:fs";
import { fixturePath } from "@delve/conformance";
import { beforeEach, expect, test } from "vitest";
import { memoryStorage } from "../storage/memory-storage.js";
import type { Storage } from "../storage/storage.js";
import { extractLayerStat } from "./layer-stat.js";
import { plotStatLevelFromResults } from "./plot-results.js";
import { plotStat } from "./plot-stat.js";

const csv = readFileSync(fixturePath("writers/plot/my_run.csv"), "utf8");
let storage: Storage;
beforeEach(async () => {
  storage = memoryStorage();
  await storage.write("runs/a.csv.d/my_run.csv", csv);
});
const path = "runs/a.csv.d/my_run.csv";

test("writes the figure of the last save beside the CSV, whatever its folders are called", async () => {
  const { svg, files } = await plotStatLevelFromResults(path, { storage });
  expect(files).toEqual(["runs/a.csv.d/my_run_lsat_train_epoch_2.svg"]);
  expect(new TextDecoder().decode((await storage.read(files[0]!))!)).toBe(svg);
  expect(svg).toBe(plotStat(extractLayerStat(csv), { run: "my_run" }));
});

test("draws what was asked for", async () => {
  const options = {
    stat: "idim",
    phase: "eval",
    epoch: 1,
    theme: "dark",
    history: 5,
    threshold: 0.9,
  } as const;
  const { svg, files } = await plotStatLevelFromResults(path, {
    storage,
    ...options,
    primaryMetric: "accuracy",
    formats: ["svg", "png"],
  });
  expect(files.map((file) => file.slice(-28))).toEqual([
    "my_run_idim_eval_epoch_1.svg".slice(-28),
    "my_run_idim_eval_epoch_1.png".slice(-28),
  ]);
  expect([...(await storage.read(files[1]!))!.subarray(1, 4)]).toEqual([...new TextEncoder().encode("PNG")]);
  const asked = [0, 1].map((epoch) => extractLayerStat(csv, { stat: "idim", phase: "eval", epoch }));
  const metric = { name: "accuracy", value: 0.55 };
  expect(svg).toBe(plotStat(asked, { run: "my_run", theme: "dark", threshold: 0.9, metric }));
});

test("writes nothing if no format is wanted", async () => {
  const { files } = await plotStatLevelFromResults(path, { storage, formats: [] });
  expect(files).toEqual([]);
  expect(await storage.list("")).toEqual([path]);
});

test.each<[string, Parameters<typeof plotStatLevelFromResults>[1], string]>([
  ["runs/none.csv", {}, 'plotStatLevelFromResults: there must be a file "runs/none.csv", got none'],
  [path, { primaryMetric: "acc" }, 'primaryMetric must be a column, got "acc", which is none'],
  [path, { formats: ["gif" as "png"] }, 'formats: must be one of "svg", "png", got "gif"'],
  [path, { history: -1 }, "history must be a whole number of at least 0, got -1"],
  [path, { stat: "det" }, "plotStatLevelFromResults: the CSV must have columns of det (train)"],
  [path, { fontsize: 0 }, "fontsize: must be a positive number of points"],
])("%s with %j is refused, and nothing written", async (path, options, message) => {
  await expect(plotStatLevelFromResults(path, { ...options, storage })).rejects.toThrow(message);
  expect(await storage.list("")).toHaveLength(1);
});
