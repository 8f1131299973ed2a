import type { PngPlatform } from "./platform.js";

/**
 * Outside Node nobody knows where a site keeps its files: they are handed in. A thread would have to be such a file,
 * too, and each bundler names it in another way; so figures are drawn one by one between other work.
 */
export const pngPlatform: PngPlatform = {
  async loadAssets() {
    throw new Error(
      "renderPng: needs the rasteriser's Wasm module and a font here, got neither; call loadPngRenderer({ wasm, fonts }) first, " +
        "with @resvg/resvg-wasm/index_bg.wasm and @fontsource/dejavu-sans/files/dejavu-sans-latin-400-normal.woff",
    );
  },
  startDrawingThread: null,
};
