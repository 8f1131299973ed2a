import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { fallingSpectra, partingClasses, settlingMap } from "../test/support/figures.js";
import { decodePng, differingPixels, isInBox } from "../test/support/pixels.js";
import { comparedProfile, saturationProfile } from "../test/support/profiles.js";
import { type SvgText, svgSize, svgTexts } from "../test/support/svg-texts.js";
import { embeddingScatter, heatMap, layerProfile, spectrumPlot } from "./plot.js";
import { pngPlatform as elsewhere } from "./png/platform.default.js";
import { loadPngRenderer, renderPng } from "./png.js";

const SCALE = 2;

/** The rim around values dims the grid a little outside their boxes. Units of the SVG. */
const RIM = 3;

describe("renderPng", () => {
  test.each([
    ["3 layers", layerProfile(saturationProfile(3))],
    ["30 layers, compared", layerProfile(comparedProfile(30))],
    ["200 layers", layerProfile(saturationProfile(200))],
    ["a heat map", heatMap(settlingMap(12, 6))],
    ["spectra", spectrumPlot(fallingSpectra(5))],
    ["a scatter", embeddingScatter(partingClasses(5))],
    ["the dark theme", layerProfile({ ...comparedProfile(12), theme: "dark" })],
  ])("draws every text of %s, whole, where it was measured to be", async (_, svg) => {
    // The ink of the text is what changes when the text is taken out.
    const bare = svg.replace(/<text [^>]*>[^<]*<\/text>/g, "");
    const drawn = decodePng(await renderPng(svg, { scale: SCALE }));
    const { width, height } = svgSize(svg);
    expect([drawn.width, drawn.height]).toEqual([SCALE * width, SCALE * height]);
    const ink = differingPixels(drawn, decodePng(await renderPng(bare, { scale: SCALE })));

    const stray = new Set(ink);
    for (const text of svgTexts(svg)) {
      const own = inkIn(text, ink, drawn.width);
      for (const { pixel } of own) stray.delete(pixel);
      expect(extentAlong(text, own), text.text).toBeGreaterThan(0.8 * lengthOf(text) - 2);
    }
    expect([...stray]).toEqual([]);
  });

  test("has a size by scale", async () => {
    const svg = layerProfile(saturationProfile(3));
    const sizes = await Promise.all(
      [0.5, 1, 3].map(async (scale) => decodePng(await renderPng(svg, { scale })).width),
    );
    expect(sizes).toEqual([384, 768, 2304]);
  });

  test("gives the same bytes each time, on every engine", async () => {
    const svg = layerProfile(saturationProfile(3));
    const digests = [await renderPng(svg), await renderPng(svg)].map((png) =>
      createHash("sha256").update(png).digest("hex"),
    );
    expect(digests[0]).toMatchInlineSnapshot(
      `"211791cae5bc83c38774f0894b50b46ea4a82941d646fa093d4ca4cc8fccf709"`,
    );
    expect(digests[1]).toBe(digests[0]);
  });

  test("keeps what is transparent", async () => {
    const svg =
      '<svg xmlns="http://www.w3.org/2000/svg" width="4" height="2"><rect width="2" height="2" fill="#ff8000" opacity="0.5"/></svg>';
    const { data } = decodePng(await renderPng(svg, { scale: 1 }));
    expect([...data.subarray(0, 16)]).toEqual([255, 128, 0, 128, 255, 128, 0, 128, 0, 0, 0, 0, 0, 0, 0, 0]);
  });

  test.each([0.5, 0.75, 1.3])("leaves no rim at the scale %d", async (scale) => {
    const { data } = decodePng(
      await renderPng(layerProfile({ ...saturationProfile(30), figsize: [8.34, 5.02] }), { scale }),
    );
    expect(data.some((byte, i) => i % 4 === 3 && byte !== 255)).toBe(false);
  });

  test.each([0, -1, 17, Number.NaN])("refuses the scale %d", async (scale) => {
    await expect(renderPng("<svg/>", { scale })).rejects.toThrow(
      `renderPng: scale must lie in (0, 16], got ${scale}`,
    );
  });

  test("refuses what is no SVG, and goes on", async () => {
    await expect(renderPng("<svg")).rejects.toThrow("renderPng: svg must be a well-formed SVG document");
    await expect(renderPng(layerProfile(saturationProfile(1)))).resolves.toBeInstanceOf(Uint8Array);
  });

  test("may be loaded beforehand, more than once", async () => {
    await loadPngRenderer();
    await loadPngRenderer();
  });
});

test("outside Node the files have to be handed in", async () => {
  await expect(elsewhere.loadAssets()).rejects.toThrow("call loadPngRenderer({ wasm, fonts }) first");
});

interface Ink {
  readonly pixel: number;
  readonly x: number;
  readonly y: number;
}

/** The inked pixels in the box of a text and its rim, in units of the SVG. */
function inkIn({ corners }: SvgText, ink: ReadonlySet<number>, width: number): Ink[] {
  const bound = (values: number[]) => [
    Math.floor((Math.min(...values) - RIM) * SCALE),
    Math.ceil((Math.max(...values) + RIM) * SCALE),
  ];
  const [left, right] = bound(corners.map(({ x }) => x)) as [number, number];
  const [top, bottom] = bound(corners.map(({ y }) => y)) as [number, number];
  const found: Ink[] = [];
  for (let row = top; row < bottom; row++) {
    for (let column = left; column < right; column++) {
      const at = { pixel: column + width * row, x: (column + 0.5) / SCALE, y: (row + 0.5) / SCALE };
      if (ink.has(at.pixel) && isInBox(corners, at, RIM)) found.push(at);
    }
  }
  return found;
}

/** How far apart the first and the last inked point are along a text. */
function extentAlong({ corners }: SvgText, ink: readonly Ink[]): number {
  const [from, to] = [corners[0]!, corners[1]!];
  const length = Math.hypot(to.x - from.x, to.y - from.y);
  const along = ink.map(
    ({ x, y }) => ((x - from.x) * (to.x - from.x) + (y - from.y) * (to.y - from.y)) / length,
  );
  return along.length === 0 ? 0 : Math.max(...along) - Math.min(...along);
}

function lengthOf({ corners }: SvgText): number {
  return Math.hypot(corners[1]!.x - corners[0]!.x, corners[1]!.y - corners[0]!.y);
}
