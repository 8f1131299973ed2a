// Every kind of figure beside a stored picture of it. After a change that is meant: npm run pictures, then look.
import { describe, expect, test } from "vitest";
import { embeddingScatter, heatMap, layerProfile, spectrumPlot, type ThemeName } from "../src/plot.js";
import { renderPng } from "../src/png.js";
import { compare, differenceFromStored } from "./support/compare-pictures.js";
import { fallingSpectra, partingClasses, settlingMap } from "./support/figures.js";
import { decodePng, type Pixels } from "./support/pixels.js";
import { comparedProfile } from "./support/profiles.js";
import { type SvgText, svgSize, svgTexts } from "./support/svg-texts.js";

const KINDS: Record<string, (layers: number, theme: ThemeName) => string> = {
  profile: (layers, theme) => layerProfile({ ...comparedProfile(layers), theme }),
  heatmap: (layers, theme) => heatMap({ ...settlingMap(layers, layers === 3 ? 8 : 100), theme }),
  spectrum: (layers, theme) => spectrumPlot({ ...fallingSpectra(layers), theme }),
  scatter: (layers, theme) =>
    embeddingScatter({ ...partingClasses(layers, layers === 200 ? 40 : 150), theme }),
};

/** Pixels a unit of the SVG. Large figures are stored small; their text is hard to read then, but still seen. */
const SCALES: Record<number, number> = { 3: 1, 30: 0.75, 200: 0.36 };

const PICTURES = Object.keys(KINDS).flatMap((kind) => [
  { kind, layers: 3, theme: "light" as const },
  { kind, layers: 3, theme: "dark" as const },
  { kind, layers: 30, theme: (kind === "heatmap" || kind === "scatter" ? "dark" : "light") as ThemeName },
  { kind, layers: 200, theme: "light" as const },
]);

describe.each(Object.keys(KINDS))("%s", (kind) => {
  test.each(PICTURES.filter((picture) => picture.kind === kind))(
    "of $layers layers, $theme, looks as stored, its text in place",
    async ({ layers, theme }) => {
      const svg = KINDS[kind]!(layers, theme);
      const scale = SCALES[layers]!;
      const png = await renderPng(svg, { scale });
      expect(differenceFromStored(`${kind}-${layers}-${theme}`, png)).toBeNull();
      const pixels = decodePng(png);
      expect(pixels.width / svgSize(svg).width).toBeCloseTo(scale, 2);
      const blank = svgTexts(svg).filter((text) => inkShare(text, pixels, scale) < LEAST_INK);
      expect(blank.map(({ text }) => text)).toEqual([]);
    },
  );
});

describe("the comparison", () => {
  const svg = KINDS["profile"]!(3, "light");
  const drawn = async (text: string): Promise<Pixels> => decodePng(await renderPng(text, { scale: 1 }));

  test("sees a word that is gone, a line in another colour, another size", async () => {
    const expected = await drawn(svg);
    for (const change of [
      svg.replace("features_0/conv</text>", "</text>"),
      svg.replaceAll("#0072b2", "#d55e00"),
      svg.replace('viewBox="0 0 768', 'viewBox="1 0 768'),
    ]) {
      expect(change).not.toBe(svg);
      expect(compare(expected, await drawn(change)).difference).toMatch(/pixels differ/);
    }
    const wider = await drawn(svg.replace('width="768"', 'width="769"'));
    expect(compare(expected, wider).difference).toMatch(/not 768 × 480/);
  });

  test("does not see smoothed edges", async () => {
    const nudged = svg.replace(/<circle|translate\(([\d.]+)/g, (match, x) =>
      x === undefined ? match : `translate(${Number(x) + 0.05}`,
    );
    expect(nudged).not.toBe(svg);
    expect(compare(await drawn(svg), await drawn(nudged)).difference).toBeNull();
  });

  test("sees text that is not there", async () => {
    const bare = await drawn(svg.replace(/<text [^>]*>[^<]*<\/text>/g, ""));
    const titles = svgTexts(svg).slice(0, 2);
    expect(titles.map((text) => inkShare(text, bare, 1))).toEqual([0, 0]);
  });
});

/** Least share of a text's box that is not in its commonest colour. */
const LEAST_INK = 0.04;

/** Share of the pixels in the box around a text that are not in its commonest colour. */
function inkShare({ corners }: SvgText, { width, data }: Pixels, scale: number): number {
  const bounds = (values: number[]) => [
    Math.floor(Math.min(...values) * scale),
    Math.ceil(Math.max(...values) * scale),
  ];
  const [left, right] = bounds(corners.map(({ x }) => x)) as [number, number];
  const [top, bottom] = bounds(corners.map(({ y }) => y)) as [number, number];
  const colors = new Map<number, number>();
  for (let y = top; y < bottom; y++) {
    for (let x = left; x < right; x++) {
      const at = 4 * (x + width * y);
      const color = (data[at]! << 16) | (data[at + 1]! << 8) | data[at + 2]!;
      colors.set(color, (colors.get(color) ?? 0) + 1);
    }
  }
  const commonest = Math.max(...colors.values());
  return 1 - commonest / ((right - left) * (bottom - top));
}
