import type { Storage } from "../storage/storage.js";

/**
 * Where a run goes whose earlier files cannot be continued: the first of `runs/mlp-2.csv`, `runs/mlp-3.csv`, … (or
 * folders `runs/mlp-2/`, …) that nothing is at.
 *
 * @param ending - What follows the number: `.csv`, or `/` for a folder.
 */
export async function beside(storage: Storage, savePath: string, ending: string): Promise<string> {
  for (let number = 2; ; number++) {
    const path = `${savePath}-${number}${ending}`;
    if ((await storage.list(path)).length === 0) return path;
  }
}
