import { expect, test } from "vitest";
import { saveOf, stat } from "../../test/support/saves.js";
import { embeddingScatter } from "./embedding-scatter.js";
import { saveScatters, saveSpectra } from "./save-matrices.js";
import { spectrumPlot } from "./spectrum-plot.js";

const row = (...data: number[]) => ({ rows: 1, columns: data.length, data: Float64Array.from(data) });
const spectrum = { stat: "spectrum", label: "spectrum" };
const embed = { stat: "embed", label: "embedded-sample" };

test("spectra: a figure a phase, layers in forward order, threshold and n with them", () => {
  const save = saveOf(
    3,
    stat({ ...spectrum, layer: "out", index: 1, value: row(4, 1), undersampled: true }),
    stat({ ...spectrum, layer: "in", index: 0, value: null, samples: 0 }),
    stat({ ...spectrum, phase: "eval", value: row(1) }),
    stat(),
  );
  const figures = saveSpectra(save, { run: "mlp", threshold: 0.9 });
  expect(figures.map(({ stat, phase, epoch }) => [stat, phase, epoch])).toEqual([
    ["spectrum", "train", 3],
    ["spectrum", "eval", 3],
  ]);
  expect(figures[0]!.spectrum).toEqual({
    title: "mlp · spectrum · train · epoch 3",
    threshold: 0.9,
    layers: [
      { layer: "in", eigenvalues: null, samples: 0, undersampled: false },
      { layer: "out", eigenvalues: Float64Array.of(4, 1), samples: 100, undersampled: true },
    ],
  });
  for (const figure of figures) expect(spectrumPlot(figure.spectrum)).toContain("</svg>");
});

test("scatters: a figure a phase, a panel a layer", () => {
  const points = { rows: 2, columns: 2, data: Float64Array.of(1, 0, -1, 0) };
  const save = saveOf(0, stat({ ...embed, phase: "eval", value: points }));
  const figures = saveScatters(save, { run: "" });
  expect(figures).toEqual([
    {
      stat: "embed",
      phase: "eval",
      epoch: 0,
      scatter: {
        title: "embedding · eval · epoch 0",
        layers: [{ layer: "fc", points, samples: 100, undersampled: false }],
      },
    },
  ]);
  expect(embeddingScatter(figures[0]!.scatter)).toContain("</svg>");
});

test("none where the statistic was not computed, or has no value at all", () => {
  const save = saveOf(0, stat(), stat({ ...spectrum, value: null }), stat({ ...embed, value: null }));
  expect(saveSpectra(save, { run: "mlp", threshold: 0.99 })).toEqual([]);
  expect(saveScatters(save, { run: "mlp" })).toEqual([]);
});
