import { propertyRuns } from "@delve/conformance";
import { fc, test } from "@fast-check/vitest";
import { expectSound } from "../../test/support/sound-svg.js";
import { embeddingScatter } from "./embedding-scatter.js";
import { heatMap } from "./heat-map.js";
import type { HeatMap } from "./heat-map-spec.js";
import type { LayerEmbedding } from "./scatter-spec.js";
import { spectrumPlot } from "./spectrum-plot.js";
import type { SpectrumPlot } from "./spectrum-spec.js";

const text = fc.oneof(
  fc.string({ unit: "binary", maxLength: 40 }),
  fc.string({ unit: "grapheme", maxLength: 150 }),
);
const value = fc.oneof(fc.double(), fc.double({ min: 0, max: 1 }), fc.constant(null));
const style = {
  figsize: fc.tuple(
    fc.double({ min: 0.5, max: 20, noNaN: true }),
    fc.double({ min: 0.5, max: 20, noNaN: true }),
  ),
  fontsize: fc.double({ min: 4, max: 30, noNaN: true }),
  theme: fc.constantFrom("light", "dark"),
};
const some = <T>(count: number, arbitrary: fc.Arbitrary<T>) =>
  fc.array(arbitrary, { minLength: count, maxLength: count });

const anyHeatMap = fc
  .tuple(fc.integer({ min: 1, max: 30 }), fc.integer({ min: 1, max: 40 }))
  .chain(([layers, epochs]): fc.Arbitrary<HeatMap> => {
    const rows = <T>(arbitrary: fc.Arbitrary<T>) => some(layers, some(epochs, arbitrary));
    return fc.record({
      title: text,
      subtitle: text,
      valueLabel: text,
      valueScale: fc.constantFrom("share", "count", "linear", "log", "auto"),
      layers: some(layers, text),
      epochs: some(epochs, fc.nat()).map((all) => all.sort((a, b) => a - b)),
      values: rows(value),
      undersampled: rows(fc.boolean()),
      samples: rows(fc.nat()),
      caption: fc.option(text, { nil: undefined }),
      ...style,
    });
  });

test.prop([anyHeatMap], { numRuns: propertyRuns(40) })("any heat map is drawn whole and sound", (map) => {
  expectSound(heatMap(map));
});

const eigenvalues = fc.oneof(
  fc.array(fc.double(), { minLength: 1, maxLength: 60 }),
  fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 60 }),
  fc.constant(null),
);
const anySpectra: fc.Arbitrary<SpectrumPlot> = fc.record({
  title: text,
  subtitle: text,
  layers: fc.array(
    fc.record({
      layer: text,
      eigenvalues,
      samples: fc.option(fc.nat(), { nil: undefined }),
      undersampled: fc.boolean(),
    }),
    { minLength: 1, maxLength: 30 },
  ),
  threshold: fc.double({ min: 1e-9, max: 1, noNaN: true }),
  ...style,
});

test.prop([anySpectra], { numRuns: propertyRuns(40) })("any spectra are drawn whole and sound", (plot) => {
  expectSound(spectrumPlot(plot));
});

const anyEmbedding = fc.integer({ min: 0, max: 40 }).chain((rows): fc.Arbitrary<LayerEmbedding> => {
  const numbers = (arbitrary: fc.Arbitrary<number>) =>
    some(2 * rows, arbitrary).map((data) => ({ rows, columns: 2, data }));
  return fc.record({
    layer: text,
    points: fc.oneof(
      numbers(fc.double()),
      numbers(fc.double({ min: -3, max: 3, noNaN: true })),
      fc.constant(null),
    ),
    labels: fc.option(some(rows, fc.oneof(fc.nat(40), text)), { nil: undefined }),
    samples: fc.option(fc.nat(), { nil: undefined }),
    undersampled: fc.boolean(),
  });
});
const anyScatter = fc.record({
  title: text,
  subtitle: text,
  layers: fc.array(anyEmbedding, { minLength: 1, maxLength: 12 }),
  ...style,
});

test.prop([anyScatter], { numRuns: propertyRuns(40) })("any scatter is drawn whole and sound", (scatter) => {
  expectSound(embeddingScatter(scatter));
});
