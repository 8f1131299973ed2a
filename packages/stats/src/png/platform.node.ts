import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import process from "node:process";
import { startNodeThread } from "./node-thread.js";
import type { PngPlatform } from "./platform.js";

// A bundler that saw `require.resolve` would try to bundle what is only read here, and its Wasm file is none that it can link.
const require = process.getBuiltinModule("node:module").createRequire(import.meta.url);
// The build keeps both files side by side. Where another bundler has left it out, or nothing was built, there is none.
const worker = new URL("./worker.node.js", import.meta.url);

/** Node, Deno and Bun: files from the packages they come in, and a thread of its own. */
export const pngPlatform: PngPlatform = {
  async loadAssets() {
    const [wasm, font] = await Promise.all([
      readFile(require.resolve("@resvg/resvg-wasm/index_bg.wasm")),
      readFile(require.resolve("@fontsource/dejavu-sans/files/dejavu-sans-latin-400-normal.woff")),
    ]);
    return { wasm, fonts: [font] };
  },
  startDrawingThread: existsSync(worker) ? (fonts) => startNodeThread(worker, fonts) : null,
};
