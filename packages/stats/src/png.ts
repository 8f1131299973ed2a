export type { PngAssets } from "./png/assets.js";
export { loadPngRenderer, type PngOptions, renderPng } from "./png/rasteriser.js";
