import type { PngAssets } from "./assets.js";
import type { StartDrawingThread } from "./drawing-thread.js";

/**
 * What drawing needs of the place where it runs. Two files implement it, `platform.node.ts` and
 * `platform.default.ts`; the import condition behind `#platform-png` in package.json chooses.
 */
export interface PngPlatform {
  /** The rasteriser's own files. */
  loadAssets(): Promise<PngAssets>;
  /** `null` where there are no threads that start without a bundler's help. */
  readonly startDrawingThread: StartDrawingThread | null;
}
