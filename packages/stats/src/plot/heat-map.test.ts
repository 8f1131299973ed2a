import { ShapeError } from "@delve/kernel";
import { describe, expect, test } from "vitest";
import { settlingMap } from "../../test/support/figures.js";
import { clippedTexts, svgSize, svgTexts } from "../../test/support/svg-texts.js";
import { heatMap } from "./heat-map.js";
import type { HeatMap } from "./heat-map-spec.js";

const one: HeatMap = {
  title: "mlp · saturation · eval",
  valueLabel: "saturation",
  valueScale: "share",
  layers: ["hidden", "output"],
  epochs: [0, 1, 2],
  values: [
    [0.62, 0.47, 0.41],
    [0.9, 0.88, 0],
  ],
};

const textOf = (svg: string) => svgTexts(svg).map(({ text }) => text);
const titlesOf = (svg: string) => [...svg.matchAll(/<title>([^<]*)<\/title>/g)].map(([, text]) => text);
/** Fill of each cell that has a tooltip. */
const fillsOf = (svg: string) =>
  [...svg.matchAll(/fill="(#\w+)" shape[^>]*><title>/g)].map(([, fill]) => fill);

describe("text", () => {
  test("says title, statistic, layers, epochs and values", () => {
    const texts = textOf(heatMap(one));
    expect(texts).toEqual(
      expect.arrayContaining([one.title, "saturation", "hidden", "output", "0.41", "1.0"]),
    );
    expect(texts.filter((text) => ["0", "1", "2"].includes(text))).toEqual(["0", "0", "1", "2"]);
  });

  test.each([
    [1, 1],
    [3, 1],
    [3, 100],
    [30, 20],
    [200, 100],
  ])("of %d layers and %d epochs is whole and inside the figure", (layers, epochs) => {
    const map = settlingMap(layers, epochs);
    const svg = heatMap(map);
    expect(clippedTexts(svg)).toEqual([]);
    expect(textOf(svg)).toEqual(expect.arrayContaining([...map.layers]));
  });

  test.each(["x".repeat(300), "encoder/layer_norm.".repeat(16), `</text><script> & ''`, "слой-層-🧠"])(
    "holds the name %s whole",
    (name) => {
      const svg = heatMap({ ...one, layers: [name, "b"] });
      expect(clippedTexts(svg)).toEqual([]);
      expect(textOf(svg).join("")).toContain(name);
    },
  );

  test("names stand beside their rows and do not touch", () => {
    for (const count of [3, 30, 200]) {
      const map = settlingMap(count, 10);
      const names = svgTexts(heatMap(map)).filter(({ text }) => map.layers.includes(text));
      const baselines = names.map(({ corners }) => corners[2]!.y);
      for (let i = 1; i < count; i++) {
        expect(baselines[i]! - baselines[i - 1]!).toBeGreaterThanOrEqual(names[0]!.fontSize);
      }
    }
  });

  test.each([1, 7, 100, 3000])("numbers of %d epochs do not touch", (count) => {
    const map = settlingMap(2, count);
    const epochs = map.epochs.map((epoch) => epoch + 95);
    const texts = svgTexts(heatMap({ ...map, epochs }));
    const numbers = texts.filter(({ text, fontSize }) => epochs.includes(Number(text)) && fontSize > 11);
    expect(numbers.length).toBeGreaterThan(0);
    for (let i = 1; i < numbers.length; i++) {
      expect(numbers[i]!.corners[0]!.x).toBeGreaterThan(numbers[i - 1]!.corners[1]!.x + 4);
    }
  });
});

test("numbers of late epochs are inside the figure, however narrow its columns", () => {
  const map = settlingMap(2, 21);
  const epochs = map.epochs.map((epoch) => 10 ** 8 + epoch * 1_000_000);
  const svg = heatMap({ ...map, layers: ["", ""], epochs, figsize: [0.5, 0.5], fontsize: 20 });
  expect(clippedTexts(svg)).toEqual([]);
  expect(textOf(svg)).toContain("100000000");
});

describe("cells", () => {
  test("have layer, value, epoch and n as tooltip", () => {
    const svg = heatMap({
      ...one,
      samples: [
        [90, 90, 90],
        [90, 90, 1437],
      ],
      undersampled: [
        [false, false, false],
        [false, false, true],
      ],
    });
    expect(titlesOf(svg)[0]).toBe("hidden: 0.62 (epoch 0, n = 90)");
    expect(titlesOf(svg)[5]).toBe("output: 0.00 (epoch 2, n = 1,437, undersampled)");
    expect(textOf(svg)).toContain("n = 90–1,437");
  });

  test("stand farther off the page the greater their value", () => {
    const values = [[0, 0.5, 1]];
    const map = { ...one, layers: ["a"], values };
    expect(fillsOf(heatMap(map))).toEqual(["#fde725", expect.anything(), "#440154"]);
    expect(fillsOf(heatMap({ ...map, theme: "dark" }))).toEqual(["#440154", expect.anything(), "#fde725"]);
  });

  test("have the colours of a theme of one's own", () => {
    const theme = {
      background: "#fff",
      ink: "#111",
      muted: "#222",
      axis: "#333",
      grid: "#444",
      palette: ["#555"],
    };
    const map = { ...one, layers: ["a"], values: [[0, 0.5, 1]] };
    const ramp = ["#000000", "#808080", "#f00"];
    expect(fillsOf(heatMap({ ...map, theme: { ...theme, ramp } }))[2]).toBe("#ff0000");
    expect(() => heatMap({ ...map, theme: { ...theme, ramp: ["red"] } })).toThrow(
      'heatMap.theme.ramp: must hold colours such as "#0072b2", got [red]',
    );
  });

  test("without a value are hatched and explained", () => {
    for (const gap of [null, Number.NaN, Number.POSITIVE_INFINITY]) {
      const svg = heatMap({ ...one, values: [one.values[0]!, [gap, 0.88, 0]] });
      expect(textOf(svg)).toContain("no value");
      expect(titlesOf(svg)).toHaveLength(5);
    }
    expect(textOf(heatMap(one))).not.toContain("no value");
    // 0 has no place on a log axis.
    expect(textOf(heatMap({ ...one, valueScale: "log" }))).toContain("no value");
  });

  test("with too few samples have a dot and are explained", () => {
    const dots = (svg: string) => svg.match(/<circle/g)?.length ?? 0;
    const undersampled = one.values.map((row) => row.map((_, epoch) => epoch === 1));
    expect(dots(heatMap(one))).toBe(0);
    // One for each cell, and one in the legend.
    expect(dots(heatMap({ ...one, undersampled }))).toBe(3);
    expect(textOf(heatMap({ ...one, undersampled }))).toContain(
      "undersampled: fewer than 10 samples a feature",
    );
  });

  test("are many in a file of moderate size", () => {
    const svg = heatMap(settlingMap(200, 100));
    expect(titlesOf(svg)).toEqual([]);
    expect(svg.length).toBeLessThan(1_000_000);
    expect(svgSize(svg).width).toBe(768);
  });
});

describe("refuses", () => {
  test.each<[string, Partial<HeatMap>, typeof ShapeError | typeof RangeError, string]>([
    ["no layers", { layers: [] }, RangeError, "heatMap: needs at least one layer, got 0"],
    ["no epochs", { epochs: [] }, RangeError, "heatMap: needs at least one epoch, got 0"],
    [
      "too few rows",
      { values: [[1, 2, 3]] },
      ShapeError,
      "heatMap: values must hold one row for each of 2 layers, got 1",
    ],
    [
      "a short row",
      { samples: [[1, 2, 3], [1]] },
      ShapeError,
      "heatMap: samples of layer 1 must hold one entry for each of 3 epochs, got 1",
    ],
    ["a scale", { valueScale: "lin" as "linear" }, RangeError, 'must be one of "share", "count"'],
    ["a theme", { theme: "drak" as "dark" }, RangeError, "heatMap.theme: "],
  ])("%s", (_, change, error, message) => {
    expect(() => heatMap({ ...one, ...change })).toThrow(error);
    expect(() => heatMap({ ...one, ...change })).toThrow(message);
  });
});

test.each([
  ["heat-map", one],
  ["heat-map-thirty-dark", { ...settlingMap(30, 6), theme: "dark" as const }],
])("the document of %s is the stored one", async (name, map) => {
  await expect(heatMap(map)).toMatchFileSnapshot(`fixtures/${name}.svg`);
});
