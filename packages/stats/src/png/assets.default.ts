import type { PngAssets } from "./assets.js";

/** Outside Node nobody knows where a site keeps its files: they are handed in. */
export async function platformAssets(): Promise<PngAssets> {
  throw new Error(
    "renderPng: needs the rasteriser's Wasm module and a font here, got neither; call loadPngRenderer({ wasm, fonts }) first, " +
      "with @resvg/resvg-wasm/index_bg.wasm and @fontsource/dejavu-sans/files/dejavu-sans-latin-400-normal.woff2",
  );
}
