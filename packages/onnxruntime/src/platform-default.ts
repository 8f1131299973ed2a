import type { Platform } from "./platform.js";

/** Browsers, workers, the edge: a model is handed in as bytes. */
export const platform: Platform = {
  async readModelFiles(path) {
    throw new TypeError(
      `readModelFiles: needs a file system; fetch the model and hand in its bytes, got the path "${path}"`,
    );
  },
};
