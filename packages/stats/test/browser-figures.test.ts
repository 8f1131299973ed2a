import { fileURLToPath } from "node:url";
import { findOutside } from "@delve/conformance";
import { type BrowserPage, openBrowserPage } from "@delve/conformance/browser-page";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { embeddingScatter, heatMap, layerProfile, spectrumPlot } from "../src/plot.js";
import { fallingSpectra, partingClasses, settlingMap } from "./support/figures.js";
import { comparedProfile } from "./support/profiles.js";

// A figure is the same text in Node and in a browser, whose locale and fonts are others.
const chromium = findOutside("chromium");

const PAGE = `
import * as plot from "@delve/stats/plot";
globalThis.job = (name, figure) => plot[name](figure);
`;

const FIGURES = {
  layerProfile: [comparedProfile(30), layerProfile(comparedProfile(30))],
  heatMap: [settlingMap(30, 100), heatMap(settlingMap(30, 100))],
  spectrumPlot: [fallingSpectra(30), spectrumPlot(fallingSpectra(30))],
  embeddingScatter: [listed(partingClasses(30)), embeddingScatter(partingClasses(30))],
} as const;

/** Typed arrays do not survive the way into the page. */
function listed(scatter: ReturnType<typeof partingClasses>) {
  const layers = scatter.layers.map((layer) => {
    const { points } = layer;
    return { ...layer, points: points && { ...points, data: Array.from(points.data) } };
  });
  return { ...scatter, layers };
}

describe.skipIf(chromium === null)("in Chromium", () => {
  let browser: BrowserPage;
  beforeAll(async () => {
    const resolveDir = fileURLToPath(new URL("..", import.meta.url));
    browser = await openBrowserPage(chromium!, { contents: PAGE, resolveDir });
  });
  afterAll(() => browser?.close());

  test.each(Object.entries(FIGURES))("%s draws the same text", async (name, [figure, expected]) => {
    const draw = ([name, figure]: readonly [string, unknown]): string =>
      (globalThis as unknown as { job: (name: string, figure: unknown) => string }).job(name, figure);
    expect(await browser.page.evaluate(draw, [name, figure] as const)).toBe(expected);
  });
});
