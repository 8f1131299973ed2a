import type { Platform } from "./platform.js";
import { memoryStorage } from "./storage/memory-storage.js";

/** Browsers, workers, the edge: files stay in memory unless a storage is handed in, and there is no terminal. */
export const platform: Platform = {
  openStorage: memoryStorage,
  progressStream: () => null,
};
