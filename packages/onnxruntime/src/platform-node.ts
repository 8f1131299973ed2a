import { availableParallelism } from "node:os";
import { readModelFiles } from "./external/read-model-files.node.js";
import type { Platform } from "./platform.js";

/** Node, Deno and Bun: models are read from the file system. */
export const platform: Platform = { readModelFiles, processors: availableParallelism };
