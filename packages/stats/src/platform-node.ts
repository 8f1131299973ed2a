import type { Platform } from "./platform.js";
import { nodeFileStorage } from "./storage/node-file-storage.js";

/** Node, Deno and Bun: the file system, and standard error for progress. */
export const platform: Platform = {
  openStorage: nodeFileStorage,
  progressStream: () => process.stderr,
};
