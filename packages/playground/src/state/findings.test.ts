import { expect, test } from "vitest";
import { epochReport } from "../../test/reports.js";
import { layerFigures } from "./figures.js";
import { findings, type Known, percent } from "./findings.js";

/** Spectrum of a layer that uses so many of its axes alike. */
const using = (used: number, features: number) =>
  Array.from({ length: features }, (_, i) => Number(i < used));

function found(used: readonly number[], some: Partial<Known> = {}): string[] {
  const spectra = Object.fromEntries(used.map((count, i) => [`dense${i + 1}`, using(count, 10)]));
  const layers = layerFigures(epochReport(1, { ...spectra, output: [1, 1] }), 0.99);
  return findings({ layers, threshold: 0.99, inputs: 64, classes: 2, epoch: 1, accuracy: 0.9, ...some });
}

test("the layer with most to spare", () => {
  expect(found([8, 3, 7])).toEqual([
    "dense2 carries 99 % of its variance along 3 of 10 axes. It could be narrower.",
  ]);
});

test("a layer that is full, and one that is not spare enough to say so", () => {
  expect(found([10, 6])).toEqual([
    "dense2 carries 99 % of its variance along 6 of 10 axes.",
    "dense1 uses all of its 10 axes: it may be a bottleneck.",
  ]);
});

test("a tail of two layers or more, the classifier left out", () => {
  expect(found([8, 8, 3, 2])[1]).toBe(
    "dense3 to dense4 stay below half of the highest: a tail, of layers that add little.",
  );
  expect(found([8, 8, 8, 2])).toHaveLength(1);
});

test("a first layer that has more features than inputs is no finding about the data", () => {
  const [first, ...rest] = found([2, 6, 6], { inputs: 2 });
  expect(first).toContain("dense1 cannot use more than 2 of its 10 axes");
  expect(rest).toEqual(["dense2 carries 99 % of its variance along 6 of 10 axes."]);
  expect(found([2], { inputs: 2 })).toHaveLength(1);
});

test.each<[string, Partial<Known>, string]>([
  ["random weights", { epoch: 0 }, "Nothing has been learnt yet"],
  ["guessing between two", { accuracy: 0.54 }, "no better than guessing"],
  ["guessing among ten", { accuracy: 0.18, classes: 10 }, "no better than guessing"],
])("%s: no advice, and no tail", (_, some, sentence) => {
  const [first, ...rest] = found([8, 8, 1, 1], some);
  expect(first).toContain(sentence);
  expect(rest).toEqual([]);
  expect(found([2, 1], { ...some, inputs: 2 })[1]).toContain("cannot use more than 2");
});

test("what is little among two classes is much among ten", () => {
  expect(found([8, 3, 7], { accuracy: 0.54, classes: 10 })[0]).toContain("It could be narrower");
});

test.each([
  [0.99, "99 %"],
  [0.9995, "99.95 %"],
  [1, "100 %"],
  [0, "0 %"],
])("percent(%d)", (share, text) => {
  expect(percent(share)).toBe(text);
});
