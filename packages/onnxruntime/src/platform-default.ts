import { fetchModel } from "./fetch-model.js";
import type { Platform } from "./platform.js";

/** Browsers, workers, the edge: a path is a URL, relative to the page. */
export const platform: Platform = { readModelFiles: fetchModel, processors: () => 1 };
