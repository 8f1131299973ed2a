import { readFileSync } from "node:fs";
import { fixturePath } from "@delve/conformance";
import { expect, test } from "vitest";
import { svgTexts } from "../../test/support/svg-texts.js";
import { extractLayerStat } from "./layer-stat.js";
import { plotStat } from "./plot-stat.js";

const csv = readFileSync(fixturePath("writers/plot/my_run.csv"), "utf8");
const textsOf = (svg: string) => svgTexts(svg).map(({ text }) => text);
const tooltipsOf = (svg: string) => [...svg.matchAll(/<title>([^<]*)<\/title>/g)].map(([, text]) => text);

test("draws the CSV of Python Delve, layers by their whole names", () => {
  const svg = plotStat(extractLayerStat(csv, { epoch: 0 }), {
    run: "my_run",
    threshold: 0.99,
    metric: { name: "accuracy", value: 0.3125 },
  });
  expect(textsOf(svg)).toEqual(
    expect.arrayContaining(["features-0", "features-2", "conv_1", "fc", "0.67", "0.80"]),
  );
  expect(textsOf(svg)).toContain("my_run · saturation · train · epoch 0");
  expect(textsOf(svg)).toContain(
    "share of feature directions that carry 99 % of the variance · accuracy = 0.3125",
  );
  expect(tooltipsOf(svg)).toEqual([
    "features-0: 0.67 (train)",
    "features-2: 0.80 (train)",
    "conv_1: 0.75 (train)",
    "fc: 0.75 (train)",
  ]);
});

test("phases beside each other, earlier saves faded behind", () => {
  const [early, late, evaluated] = (["train", "train", "eval"] as const).map((phase, i) =>
    extractLayerStat(csv, { stat: "idim", phase, epoch: Math.min(i, 1) }),
  );
  const svg = plotStat([early!, late!, evaluated!]);
  expect(textsOf(svg)).toEqual(expect.arrayContaining(["train", "eval", "epoch 0"]));
  expect(textsOf(svg)).toContain("intrinsic dimensionality · train, eval · epoch 1");
  // Markers are drawn for the two in front.
  expect(tooltipsOf(svg)).toHaveLength(8);
});

test("a layer that one of them lacks leaves a gap there", () => {
  const one = extractLayerStat(";train-saturation_a\n0;0.25\n");
  const two = extractLayerStat(";eval-saturation_b;eval-saturation_a\n0;0.5;0.75\n", { phase: "eval" });
  expect(tooltipsOf(plotStat([one, two]))).toEqual(["a: 0.25 (train)", "a: 0.75 (eval)", "b: 0.50 (eval)"]);
});

test("nothing, or two statistics, is refused", () => {
  expect(() => plotStat([])).toThrow("plotStat: needs at least one statistic, got 0");
  const both = [extractLayerStat(csv), extractLayerStat(csv, { stat: "idim" })];
  expect(() => plotStat(both)).toThrow("plotStat: all must be of one statistic, got lsat and idim");
});
