import { heatMap, layerProfile, THEMES } from "@delve/stats/plot";
import { describe, expect, test } from "vitest";
import { epochReport } from "../../test/reports.js";
import { DEFAULTS } from "../state/settings.js";
import { newRun, type State } from "../state/state.js";
import type { CurveReport } from "../worker/protocol.js";
import { curveInWords } from "./curve.js";
import { historyInWords, historyOf, thinned } from "./history.js";
import { layerProfileOf, profileInWords } from "./profile.js";
import { spectraInWords, spectraOf } from "./spectra.js";
import { TAKEN_FIGURES, takenFigure } from "./taken.js";

const epochs = Array.from({ length: 5 }, (_, epoch) =>
  epochReport(epoch, { a: [8, epoch, 0, 0], output: [1, 1] }),
);
const style = {
  threshold: 0.9,
  statistic: "saturation",
  theme: THEMES.light,
  room: { width: 600, height: 300 },
  title: "",
} as const;

const curve: CurveReport = {
  type: "curve",
  run: 1,
  epoch: 4,
  layer: "a",
  features: 4,
  axes: [1, 4],
  principal: [0.75, 1],
  random: [0.5, 1],
};

test("the profile holds both phases of now, and held-out ones of before, under one name", () => {
  const profile = layerProfileOf({ ...style, epochs });
  expect(profile.layers).toEqual(["a (4)", "output (2)"]);
  expect(profile.series.map(({ name, epoch, values }) => [name, epoch, values[0]])).toEqual([
    ["training", 4, 0.5],
    ["held out", 0, 0.25],
    ["held out", 1, 0.5],
    ["held out", 3, 0.5],
    ["held out", 4, 0.5],
  ]);
  expect(layerProfile(profile)).toContain("output (2)");
  expect(profileInWords({ ...style, epochs })).toBe(
    "Saturation on held-out samples after epoch 4: a 50 %, output 100 %.",
  );
});

test("a narrow page names layers alone", () => {
  const room = { width: 320, height: 300 };
  expect(layerProfileOf({ ...style, room, epochs }).layers).toEqual(["a", "output"]);
});

test("the history has a row a layer and a column an epoch", () => {
  const map = historyOf(epochs, { ...style, phase: "eval" });
  expect(map.epochs).toEqual([0, 1, 2, 3, 4]);
  expect(map.values).toEqual([
    [0.25, 0.5, 0.5, 0.5, 0.5],
    [1, 1, 1, 1, 1],
  ]);
  expect(heatMap(map)).toContain("output");
  expect(historyInWords(epochs, { ...style, phase: "eval" })).toBe(
    "Saturation over 5 epochs: a from 25 % to 50 %, output from 100 % to 100 %.",
  );
});

test("either shows dimensions as counts", () => {
  const counts = { ...style, statistic: "dimensions" } as const;
  const { series, valueScale } = layerProfileOf({ ...counts, epochs });
  expect([valueScale, series.at(-1)!.values]).toEqual(["count", [2, 2]]);
  expect(profileInWords({ ...counts, epochs })).toContain("a 2, output 2.");
  expect(historyOf(epochs, { ...counts, phase: "train" }).values[0]).toEqual([1, 2, 2, 2, 2]);
});

test("the spectra hold every layer, or the one that is asked for", () => {
  const of = (only?: number) => spectraOf(epochs[3]!, { ...style, phase: "train", only }).layers;
  expect(of().map(({ layer }) => layer)).toEqual(["a", "output"]);
  expect(of(1).map(({ layer }) => layer)).toEqual(["output"]);
  expect(spectraInWords(epochs[3]!, { ...style, phase: "eval", only: 0 })).toBe(
    "Axes that reach the threshold, on held-out samples after epoch 3: a 2 of 4.",
  );
});

test("the curve of a projection in words", () => {
  expect(curveInWords(curve)).toBe(
    "Held-out accuracy by number of axes of a kept, principal and random. 1: 75 % and 50 %; 4: 100 % and 100 %.",
  );
});

describe("takenFigure", () => {
  const state: State = { settings: DEFAULTS, run: { ...newRun(1), epochs, curve }, failure: null };

  test.each(TAKEN_FIGURES)("%s: a figure with its title, and nothing before there is a run", (name) => {
    const svg = takenFigure(name, state);
    expect(svg).toMatch(/^<svg/);
    expect(svg).toContain("spiral");
    expect(takenFigure(name, { ...state, run: newRun(1) })).toBeNull();
  });

  test("the projection needs its curve", () => {
    expect(takenFigure("projection", { ...state, run: { ...state.run, curve: null } })).toBeNull();
  });
});

test.each([
  [7, 10, 1],
  [7, 4, 2],
  [500, 60, 10],
])("thinned(%d items, %d)", (count, most, stride) => {
  const items = [...Array(count).keys()];
  expect(thinned(items, most)).toEqual(items.filter((i) => i % stride === 0));
});
