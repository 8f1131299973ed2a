// The drawing thread of Node, Deno and Bun: takes figures, gives files.
import { parentPort, workerData } from "node:worker_threads";
import { pngPlatform } from "#platform-png";
import { drawFigure, type Figure } from "./draw-figure.js";
import { loadPngRenderer } from "./rasteriser.js";

const { fonts } = workerData as { readonly fonts: readonly Uint8Array[] | null };
// If it fails, so does the first figure, which says why.
if (fonts !== null) await loadPngRenderer({ ...(await pngPlatform.loadAssets()), fonts });

parentPort!.on("message", async (figure: Figure) => {
  try {
    const drawn = await drawFigure(figure);
    parentPort!.postMessage(drawn, drawn.png instanceof Uint8Array ? [drawn.png.buffer as ArrayBuffer] : []);
  } catch (error) {
    parentPort!.postMessage({ error: error instanceof Error ? error : new Error(String(error)) });
  }
});
