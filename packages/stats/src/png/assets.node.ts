import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import type { PngAssets } from "./assets.js";

const require = createRequire(import.meta.url);

/** The rasteriser's Wasm module and font, read from the packages they come in. */
export async function platformAssets(): Promise<PngAssets> {
  const [wasm, font] = await Promise.all([
    readFile(require.resolve("@resvg/resvg-wasm/index_bg.wasm")),
    readFile(require.resolve("@fontsource/dejavu-sans/files/dejavu-sans-latin-400-normal.woff2")),
  ]);
  return { wasm, fonts: [font] };
}
