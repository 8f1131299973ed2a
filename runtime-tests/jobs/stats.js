import { openDevice } from "@delve/kernel";
import { memoryStorage, SaturationTracker } from "@delve/stats";
import { rows } from "./known-matrix.js";

/**
 * A run of one epoch that is written as CSV and as lines of JSON.
 *
 * @param request - `savePath`: where the platform's own storage has to put the files; where it is left out they are
 * kept in memory, and handed back.
 */
export async function stats({ savePath }) {
  const storage = savePath === undefined ? { storage: memoryStorage() } : {};
  const backend = await openDevice("stats");
  const tracker = await SaturationTracker.open({
    backend,
    savePath: savePath ?? "known",
    saveTo: ["csv", "jsonl"],
    stats: ["lsat", "idim", "trc"],
    ...storage,
  });
  const shape = [rows.length, rows[0].length];
  tracker.record("layer", { data: Float32Array.from(rows.flat()), shape }, { phase: "eval" });
  await tracker.addSaturations();
  await tracker.close();
  backend.dispose();
  if (savePath !== undefined) return { backend: backend.name };
  const read = async (path) => new TextDecoder().decode(await storage.storage.read(path));
  return { backend: backend.name, csv: await read("known.csv"), jsonl: await read("known.jsonl") };
}
