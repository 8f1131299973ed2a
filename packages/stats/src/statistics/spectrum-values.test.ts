import { referenceBackend } from "@delve/kernel/reference";
import { expect, test } from "vitest";
import { memoryStorage } from "../storage/memory-storage.js";
import { SaturationTracker } from "../tracker.js";
import { decodeNpy } from "../writers/npy.js";

test("the eigenvalues, descending, in the records and on the disk", async () => {
  const storage = memoryStorage();
  const backend = referenceBackend();
  const options = { backend, storage, savePath: "run", saveTo: "npy", stats: ["spectrum", "trc"] };
  const tracker = await SaturationTracker.open(options);
  // Variances 4 and 1, independent; the third feature is constant.
  tracker.record("fc", { data: Float64Array.of(0, 0, 7, 4, 0, 7, 0, 2, 7, 4, 2, 7), shape: [4, 3] });
  await tracker.addSaturations();
  await tracker.close();
  const record = tracker.latest!.records[0]!;
  expect(record.value).toMatchObject({ rows: 1, columns: 3 });
  const values = (record.value as { data: Float64Array }).data;
  expect([...values].map((value) => Number(value.toFixed(12)))).toEqual([4, 1, 0]);
  const file = decodeNpy((await storage.read("run/_train-spectrum_fc/_train-spectrum_fc_epoch0.npy"))!);
  expect(file.shape).toEqual([1, 3]);
  expect(file.data).toEqual(values);
});
