import { findOutside } from "@delve/conformance";
import { covariance, eigvalsh, intrinsicDimensionality, saturation } from "@delve/core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { THRESHOLDS } from "../src/state/settings.js";
import { activationsOf, rowsOf, stateOf } from "./facts.js";
import { openSite, type Site, trainEpochs } from "./site.js";

const executable = findOutside("chromium");

describe.skipIf(executable === null)("the page in Chromium", () => {
  let site: Site;
  beforeAll(async () => {
    site = await openSite(executable!);
  });
  afterAll(() => site?.close());

  test("trains, and shows the saturation that @delve/core computes from the same activations", async () => {
    const { page, problems, strangers, close } = await site.open({
      query: "problem=circles&rate=0.01&width=12",
    });
    const before = Number.parseFloat((await page.textContent("#accuracy-eval"))!);
    await trainEpochs(page, 6);
    const after = Number.parseFloat((await page.textContent("#accuracy-eval"))!);
    expect(after).toBeGreaterThan(Math.max(before, 80));

    const layers = ["dense1", "dense2", "dense3", "dense4", "output"];
    const activations = await Promise.all(layers.map((layer) => activationsOf(page, layer)));
    for (const threshold of [0.99, 0.9, 0.9999]) {
      await chooseThreshold(page, threshold);
      const rows = await rowsOf(page);
      expect(rows.map(({ layer }) => layer)).toEqual(layers);
      for (const [i, row] of rows.entries()) {
        expect(row.dimensions).toBe(await intrinsicDimensionality(activations[i]!, { threshold }));
        expect(row.saturation).toBeCloseTo(await saturation(activations[i]!, { threshold }), 3);
      }
    }
    expect(problems).toEqual([]);
    expect(strangers).toEqual([]);
    await close();
  });

  test("the eigenvalues of a convolution are those of its activations", async () => {
    const query = "problem=digits&network=conv&activation=relu&width=4&depth=2&layer=0";
    const { page, problems, close } = await site.open({ query });
    await trainEpochs(page, 1);
    const activations = await activationsOf(page, "conv2");
    const expected = await eigvalsh(await covariance(activations));
    const shown = await stateOf(page, ({ state }) => {
      const found = state.run.epochs
        .at(-1)!
        .spectra.find((one) => one.layer === "conv2" && one.phase === "eval");
      return [...found!.eigenvalues];
    });
    shown.forEach((value, i) => {
      expect(Math.abs(value - expected.at(-1 - i)!)).toBeLessThan(1e-12 * expected.at(-1)!);
    });
    expect(problems).toEqual([]);
    await close();
  });
});

/** Brings the slider to a threshold, by keys alone. */
async function chooseThreshold(page: import("playwright-core").Page, threshold: number): Promise<void> {
  await page.focus("#threshold");
  await page.keyboard.press("Home");
  for (let i = 0; i < THRESHOLDS.indexOf(threshold); i++) await page.keyboard.press("ArrowRight");
  await page.waitForTimeout(250);
}
