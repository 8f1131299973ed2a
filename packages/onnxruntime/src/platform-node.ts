import { readFile } from "node:fs/promises";
import type { Platform } from "./platform.js";

/** Node, Deno and Bun: models are read from the file system. */
export const platform: Platform = {
  async readModelFiles(path) {
    return { bytes: await readFile(path), externalData: [] };
  },
};
