import { describe, expect, test } from "vitest";
import { fallingSpectra } from "../../test/support/figures.js";
import { clippedTexts, svgTexts } from "../../test/support/svg-texts.js";
import { spectrumPlot } from "./spectrum-plot.js";
import type { LayerSpectrum, SpectrumPlot } from "./spectrum-spec.js";

const layer = (more: Partial<LayerSpectrum> = {}): LayerSpectrum => ({
  layer: "hidden",
  eigenvalues: [4, 1, 0.4, 0.004],
  ...more,
});
const one: SpectrumPlot = { title: "mlp · spectrum · eval", layers: [layer()] };

const textOf = (svg: string) => svgTexts(svg).map(({ text }) => text);

/** Points of the lines in document order: eigenvalues, then shares, of each layer. */
function linesOf(svg: string): { x: number; y: number }[][] {
  const lines = [...svg.matchAll(/<path d="(M[^"]*)" fill="none"[^>]*stroke-linejoin/g)];
  return lines.map(([, path]) =>
    [...path!.matchAll(/[ML]([\d.]+),([\d.]+)/g)].map(([, x, y]) => ({ x: Number(x), y: Number(y) })),
  );
}

describe("text", () => {
  test("says title, layer, dimensionality over features, threshold", () => {
    const texts = textOf(spectrumPlot(one));
    expect(texts).toEqual(expect.arrayContaining([one.title, "hidden", "3 / 4 = 0.75", "threshold 99 %"]));
    expect(textOf(spectrumPlot({ ...one, threshold: 0.9 }))).toEqual(
      expect.arrayContaining(["2 / 4 = 0.50", "threshold 90 %"]),
    );
  });

  test("says n and what is undersampled", () => {
    const layers = [layer({ samples: 39, undersampled: true }), layer({ layer: "output", samples: 1437 })];
    expect(textOf(spectrumPlot({ ...one, layers }))).toEqual(
      expect.arrayContaining(["n = 39–1,437", "3 / 4 = 0.75 · undersampled", "3 / 4 = 0.75"]),
    );
  });

  test.each([1, 3, 30, 200])("of %d layers is whole and inside the figure", (count) => {
    const plot = fallingSpectra(count);
    const svg = spectrumPlot(plot);
    expect(clippedTexts(svg)).toEqual([]);
    expect(textOf(svg)).toEqual(expect.arrayContaining(plot.layers.map(({ layer }) => layer)));
  });

  test.each(["x".repeat(300), "encoder/layer_norm.".repeat(16), `</text><script> & ''`, "слой-層-🧠"])(
    "holds the name %s whole",
    (name) => {
      const svg = spectrumPlot({ ...one, layers: [layer({ layer: name }), layer()] });
      expect(clippedTexts(svg)).toEqual([]);
      expect(textOf(svg).join("")).toContain(name);
    },
  );
});

test("names of a row are level, that of a layer without a spectrum too", () => {
  const svg = spectrumPlot({ ...one, layers: [layer(), layer({ layer: "output", eigenvalues: null })] });
  const tops = svgTexts(svg)
    .filter(({ text }) => text === "hidden" || text === "output")
    .map(({ corners }) => corners[0]!.y);
  expect(tops[1]).toBe(tops[0]);
});

describe("lines", () => {
  test("have their first and last rank below the eigenvalues", () => {
    const svg = spectrumPlot(one);
    const [values] = linesOf(svg);
    const middles = svgTexts(svg)
      .filter(
        ({ text, fontSize }, i, all) =>
          fontSize < 10 && (text === "4" || (text === "1" && i > all.length - 4)),
      )
      .map(({ corners }) => (corners[0]!.x + corners[1]!.x) / 2);
    expect(middles).toEqual([expect.closeTo(values![0]!.x, 1), expect.closeTo(values!.at(-1)!.x, 1)]);
  });

  test("fall by the logarithm of the eigenvalues, whatever their order", () => {
    const svg = spectrumPlot({ ...one, layers: [layer({ eigenvalues: [0.01, 1, 0.1] })] });
    const [values] = linesOf(svg);
    expect(values).toHaveLength(3);
    const [first, second, third] = values!.map(({ y }) => y) as [number, number, number];
    expect(second - first).toBeCloseTo(third - second, 1);
    expect(second).toBeGreaterThan(first);
  });

  test("rise to all of the variance, and reach the threshold at the mark", () => {
    const svg = spectrumPlot({ ...one, layers: [layer({ eigenvalues: [6, 3, 1, 0] })], threshold: 0.9 });
    const [, shares] = linesOf(svg);
    const [start, one_, two, three, all] = shares!;
    const height = start!.y - all!.y;
    const of = (point: { y: number }) => (start!.y - point.y) / height;
    expect([one_, two, three].map((point) => of(point!))).toEqual([
      expect.closeTo(0.6, 2),
      expect.closeTo(0.9, 2),
      expect.closeTo(1, 2),
    ]);
    // The tinted part ends where the second direction does.
    const [, x, width] = /<rect x="([\d.]+)" y="[\d.]+" width="([\d.]+)"[^>]*fill-opacity="0.12"/.exec(svg)!;
    expect(Number(x) + Number(width)).toBeCloseTo(two!.x, 1);
    expect((two!.x - start!.x) / (all!.x - start!.x)).toBeCloseTo(0.5, 3);
  });

  test("leave out what is 0 or less than 1e-10 of the largest", () => {
    const svg = spectrumPlot({ ...one, layers: [layer({ eigenvalues: [1, 1e-5, 1e-12, 0, -1e-17] })] });
    expect(linesOf(svg)[0]).toHaveLength(2);
    expect(textOf(svg)).toContain("10⁻⁵");
  });

  test("of thousands of eigenvalues have no more points than pixels", () => {
    const eigenvalues = Float64Array.from({ length: 4096 }, (_, k) => 1 / (k + 1));
    const svg = spectrumPlot({ ...one, layers: [layer({ eigenvalues })] });
    expect(svg.length).toBeLessThan(60_000);
    const [values, shares] = linesOf(svg);
    expect(values!.length).toBeGreaterThan(500);
    expect(shares!.at(-1)!.x).toBeGreaterThan(values!.at(-1)!.x);
  });

  test.each<[string, LayerSpectrum["eigenvalues"]]>([
    ["no spectrum", null],
    ["no spectrum", [1, Number.NaN]],
    ["no variance", [0, 0]],
  ])("are missing where there is %s", (lack, eigenvalues) => {
    const svg = spectrumPlot({ ...one, layers: [layer({ eigenvalues }), layer({ layer: "output" })] });
    expect(textOf(svg)).toContain(lack);
    expect(linesOf(svg)).toHaveLength(2);
  });
});

test.each<[string, Partial<SpectrumPlot>, string]>([
  ["no layers", { layers: [] }, "spectrumPlot: needs at least one layer, got 0"],
  [
    "no eigenvalues",
    { layers: [layer({ eigenvalues: [] })] },
    'spectrumPlot: layer "hidden" needs at least one eigenvalue, got 0',
  ],
  ["a threshold", { threshold: 1.1 }, "spectrumPlot: threshold must lie in (0, 1], got 1.1"],
  ["a figsize", { figsize: [0, 1] }, "spectrumPlot.figsize: must be two positive numbers"],
])("refuses %s", (_, change, message) => {
  expect(() => spectrumPlot({ ...one, ...change })).toThrow(RangeError);
  expect(() => spectrumPlot({ ...one, ...change })).toThrow(message);
});

test.each([
  ["spectrum", one],
  ["spectrum-twelve-dark", { ...fallingSpectra(12), theme: "dark" as const }],
])("the document of %s is the stored one", async (name, plot) => {
  await expect(spectrumPlot(plot)).toMatchFileSnapshot(`fixtures/${name}.svg`);
});
