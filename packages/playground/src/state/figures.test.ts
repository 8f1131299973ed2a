import { expect, test } from "vitest";
import { epochReport, spectrum } from "../../test/reports.js";
import { figuresOf, landmarks, layerFigures } from "./figures.js";

test("figuresOf counts the axes that reach the threshold, whatever was asked before", () => {
  const one = spectrum("dense1", "eval", [6, 3, 1, 0]);
  expect(figuresOf(one, 0.9)).toMatchObject({ dimensions: 2, saturation: 0.5 });
  expect(figuresOf(one, 0.95)).toMatchObject({ dimensions: 3, saturation: 0.75 });
  expect(figuresOf(one, 0.5)).toMatchObject({ dimensions: 1, saturation: 0.25 });
  expect(figuresOf(one, 0.9)).toMatchObject({ dimensions: 2, samples: 1000, undersampled: false });
});

test("layerFigures sets both phases of a layer side by side, in order", () => {
  const report = {
    spectra: [
      spectrum("a", "train", [1, 0]),
      spectrum("b", "train", [1, 1]),
      spectrum("a", "eval", [1, 1], 15),
      spectrum("b", "eval", [1, 0]),
    ],
  };
  expect(layerFigures(report, 0.99)).toMatchObject([
    { layer: "a", features: 2, train: { dimensions: 1 }, eval: { dimensions: 2, undersampled: true } },
    { layer: "b", features: 2, train: { dimensions: 2 }, eval: { dimensions: 1 } },
  ]);
  expect(layerFigures(epochReport(1, {}), 0.9)).toEqual([]);
});

test.each([
  [0, []],
  [1, [0]],
  [3, [0, 1]],
  [40, [3, 10, 30]],
  [500, [30, 100, 300]],
])("landmarks(%d)", (epoch, marks) => {
  expect(landmarks(epoch)).toEqual(marks);
});
