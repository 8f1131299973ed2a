import { initWasm, Resvg } from "@resvg/resvg-wasm";
import { pngPlatform } from "#platform-png";
import type { PngAssets } from "./assets.js";
import { encodePng } from "./encode-png.js";
import { unpackFont } from "./woff.js";

/** How a figure becomes pixels. */
export interface PngOptions {
  /** Pixels a unit of the SVG, in (0, 16]; 2 by default, sharp on screens and at 192 dpi in print. */
  readonly scale?: number | undefined;
}

let fonts: Promise<Uint8Array[]> | undefined;
let areHandedIn = false;

/**
 * Loads the rasteriser once; later calls do nothing. In Node it loads by itself; elsewhere call this with the place
 * of its files before the first {@link renderPng}. A load that failed may be tried again.
 *
 * @example
 * ```ts no-run
 * // With Vite; other bundlers have their own way to name a file.
 * import wasm from "@resvg/resvg-wasm/index_bg.wasm?url";
 * import font from "@fontsource/dejavu-sans/files/dejavu-sans-latin-400-normal.woff?url";
 *
 * await loadPngRenderer({ wasm, fonts: [font] });
 * ```
 */
export async function loadPngRenderer(assets?: PngAssets): Promise<void> {
  if (fonts === undefined) {
    areHandedIn = assets !== undefined;
    fonts = load(assets);
    fonts.catch(() => {
      fonts = undefined;
    });
  }
  await fonts;
}

/** The fonts that {@link loadPngRenderer} was given; `null` if it found them itself, or has not been called. */
export async function fontsHandedIn(): Promise<readonly Uint8Array[] | null> {
  return fonts === undefined || !areHandedIn ? null : fonts;
}

async function load(assets?: PngAssets): Promise<Uint8Array[]> {
  const found = assets ?? (await pngPlatform.loadAssets());
  const bytes = (await Promise.all(found.fonts.map(fontBytes))).map(unpackFont);
  if (bytes.length === 0) throw new RangeError("loadPngRenderer: needs at least one font, got 0");
  await initWasm(found.wasm).catch((cause: unknown) => {
    // Somebody else on this page uses the same rasteriser: theirs will do.
    if (!String(cause).includes("Already initialized")) throw cause;
  });
  return bytes;
}

async function fontBytes(font: PngAssets["fonts"][number]): Promise<Uint8Array> {
  if (font instanceof Uint8Array) return font;
  if (font instanceof ArrayBuffer) return new Uint8Array(font);
  const response = await fetch(font);
  if (!response.ok)
    throw new Error(`loadPngRenderer: the font at ${font} must load, got status ${response.status}`);
  return new Uint8Array(await response.arrayBuffer());
}

/**
 * A figure as PNG bytes, with its text in DejaVu Sans wherever it runs.
 *
 * The first call loads the rasteriser (2.5 MB of Wasm, 0.4 MB of font). Nothing else is loaded, no file and no
 * address that the SVG may name.
 *
 * @param svg - A document such as {@link layerProfile} yields.
 * @throws {RangeError} If `scale` lies outside (0, 16].
 * @throws {Error} If `svg` is not well-formed, or the rasteriser's files are not known here.
 * @example
 * const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="20" height="10"><text y="9">a</text></svg>';
 * const png = await renderPng(svg);
 * String.fromCharCode(...png.subarray(1, 4)); // "PNG"
 */
export async function renderPng(svg: string, { scale = 2 }: PngOptions = {}): Promise<Uint8Array> {
  if (!(scale > 0 && scale <= 16)) throw new RangeError(`renderPng: scale must lie in (0, 16], got ${scale}`);
  await loadPngRenderer();
  const fontBuffers = await fonts!;
  const font = {
    fontBuffers,
    loadSystemFonts: false,
    defaultFontFamily: "DejaVu Sans",
    sansSerifFamily: "DejaVu Sans",
  };
  const resvg = newResvg(svg, { fitTo: { mode: "zoom", value: scale }, font });
  try {
    const image = resvg.render();
    try {
      // The rasteriser's own encoder takes five times as long, for more bytes.
      return encodePng({ width: image.width, height: image.height, data: image.pixels });
    } finally {
      image.free();
    }
  } finally {
    resvg.free();
  }
}

function newResvg(...args: ConstructorParameters<typeof Resvg>): InstanceType<typeof Resvg> {
  try {
    return new Resvg(...args);
  } catch (cause) {
    throw new Error(`renderPng: svg must be a well-formed SVG document, got: ${String(cause)}`, { cause });
  }
}
