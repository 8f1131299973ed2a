import type { ProgressStream } from "./progress.js";
import type { Storage } from "./storage/storage.js";

/**
 * What the place where delve runs has to offer. Two files implement it, `platform-node.ts` and
 * `platform-default.ts`; the import condition behind `#platform` in package.json chooses, so that nothing which runs
 * in a browser ever sees an import of `node:*`.
 */
export interface Platform {
  /** What `savePath` means here when no storage is handed in. */
  openStorage(): Storage;
  /** Where progress is shown; `null` where there is no terminal. */
  progressStream(): ProgressStream | null;
}
