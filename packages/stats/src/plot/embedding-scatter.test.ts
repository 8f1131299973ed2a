import { ShapeError } from "@delve/kernel";
import { describe, expect, test } from "vitest";
import { partingClasses } from "../../test/support/figures.js";
import { clippedTexts, svgTexts } from "../../test/support/svg-texts.js";
import { embeddingScatter } from "./embedding-scatter.js";
import type { EmbeddingScatter, LayerEmbedding } from "./scatter-spec.js";

const plane = (...data: number[]) => ({ rows: data.length / 2, columns: 2, data });
const layer = (more: Partial<LayerEmbedding> = {}): LayerEmbedding => ({
  layer: "hidden",
  points: plane(-3, 1, 1, -1, 2, 0),
  ...more,
});
const scatter = (...layers: LayerEmbedding[]): EmbeddingScatter => ({
  title: "mlp · embedding · eval",
  layers: layers.length === 0 ? [layer()] : layers,
});

const textOf = (svg: string) => svgTexts(svg).map(({ text }) => text);

/** Elements that hold points, and how many each holds. */
function groupsOf(svg: string): { color: string; count: number; isRound: boolean }[] {
  return [...svg.matchAll(/<path d="([^"]*)" (fill|fill="none" stroke)="(#\w+)"[^>]*opacity="0.7"/g)].map(
    ([, d, kind, color]) => ({ color: color!, count: d!.match(/M/g)!.length, isRound: kind !== "fill" }),
  );
}

/** Places of the points of a layer without labels. */
function placesOf(svg: string): number[][] {
  return [...svg.matchAll(/M([\d.]+) ([\d.]+)h0/g)].map(([, x, y]) => [Number(x), Number(y)]);
}

describe("text", () => {
  test("says title, layer, axes, how many are shown, and n", () => {
    const texts = textOf(embeddingScatter(scatter(layer({ samples: 1437, undersampled: true }))));
    expect(texts).toEqual(
      expect.arrayContaining([
        "mlp · embedding · eval",
        "hidden",
        "3 shown · undersampled",
        "n = 1,437",
        "0",
      ]),
    );
    expect(texts.at(-1)).toContain("first principal axis");
  });

  test("names of a row are level, that of a layer without samples too", () => {
    const svg = embeddingScatter(scatter(layer(), layer({ layer: "output", points: null })));
    const tops = svgTexts(svg)
      .filter(({ text }) => text === "hidden" || text === "output")
      .map(({ corners }) => corners[0]!.y);
    expect(tops[1]).toBe(tops[0]);
  });

  test.each([1, 3, 30, 200])("of %d layers is whole and inside the figure", (count) => {
    const figure = partingClasses(count, 20);
    const svg = embeddingScatter(figure);
    expect(clippedTexts(svg)).toEqual([]);
    expect(textOf(svg)).toEqual(expect.arrayContaining(figure.layers.map(({ layer }) => layer)));
  });

  test.each(["x".repeat(300), "encoder/layer_norm.".repeat(16), `</text><script> & ''`, "слой-層-🧠"])(
    "holds the name %s whole, of a layer and of a class",
    (name) => {
      const svg = embeddingScatter(scatter(layer({ layer: name, labels: [name, name, "b"] }), layer()));
      expect(clippedTexts(svg)).toEqual([]);
      expect(textOf(svg).join("").split(name)).toHaveLength(3);
    },
  );
});

describe("points", () => {
  test("have the same unit on both axes, the second axis upwards", () => {
    const [a, b, c] = placesOf(embeddingScatter(scatter())) as [number[], number[], number[]];
    const unit = (b[0]! - a[0]!) / 4;
    expect((b[1]! - a[1]!) / 2).toBeCloseTo(unit, 1);
    expect(c[0]! - b[0]!).toBeCloseTo(unit, 0);
    expect(c[1]! - b[1]!).toBeCloseTo(-unit, 0);
  });

  test("of each class share colour and marker, which the legend names", () => {
    const svg = embeddingScatter(scatter(layer({ labels: [10, 9, 10] })));
    expect(groupsOf(svg)).toEqual([
      { color: "#0072b2", count: 1, isRound: true },
      { color: "#d55e00", count: 2, isRound: false },
    ]);
    const texts = textOf(svg);
    expect(texts.slice(1, 3)).toEqual(["9", "10"]);
  });

  test("keep a class's colour from layer to layer", () => {
    const other = layer({ layer: "output", labels: ["dog", "dog", "dog"] });
    const groups = groupsOf(embeddingScatter(scatter(layer({ labels: ["cat", "dog", "cat"] }), other)));
    expect(groups.map(({ color, count }) => [color, count])).toEqual([
      ["#0072b2", 2],
      ["#d55e00", 1],
      ["#d55e00", 3],
    ]);
  });

  test("of thirty classes differ in colour or marker", () => {
    const labels = Array.from({ length: 30 }, (_, i) => i);
    const points = { rows: 30, columns: 2, data: labels.flatMap((i) => [0, i]) };
    const svg = embeddingScatter(scatter(layer({ points, labels })));
    const looks = [
      ...svg.matchAll(/<path d="M[\d. ]+([^"]*)" (?:fill="none" )?\w+="(#\w+)"[^>]*opacity="0.7"/g),
    ];
    expect(new Set(looks.map(([, shape, color]) => `${shape} ${color}`)).size).toBe(30);
  });

  test("without a place are left out and counted", () => {
    const points = plane(Number.NaN, 0, 1, Number.POSITIVE_INFINITY, 1, 1);
    const svg = embeddingScatter(scatter(layer({ points })));
    expect(placesOf(svg)).toHaveLength(1);
    expect(textOf(svg)).toContain("1 shown · 2 without a place");
  });

  test.each<[string, LayerEmbedding["points"]]>([
    ["null", null],
    ["no rows", plane()],
    ["nothing but NaN", plane(Number.NaN, Number.NaN)],
  ])("are missing where there is %s", (_, points) => {
    expect(textOf(embeddingScatter(scatter(layer({ points }))))).toContain("no samples");
  });

  test("in one place stand in the middle", () => {
    expect(clippedTexts(embeddingScatter(scatter(layer({ points: plane(0, 0, 0, 0) }))))).toEqual([]);
    expect(placesOf(embeddingScatter(scatter(layer({ points: plane(5, 0) }))))).toHaveLength(1);
  });

  test("in one place away from the mean are shown with it, on axes of short numbers", () => {
    for (const points of [plane(3, 4), plane(3, 4, 3, 4), plane(3, 4, 3 + 1e-9, 4)]) {
      const svg = embeddingScatter(scatter(layer({ points })));
      expect(textOf(svg)).toEqual(expect.arrayContaining(["0", "2", "4"]));
      expect(
        Math.max(
          ...textOf(svg)
            .slice(3, -1)
            .map(({ length }) => length),
        ),
      ).toBeLessThan(5);
    }
  });

  test("of any size have numbers along the axes", () => {
    for (const points of [plane(1e-323, 0), plane(1e10, 0, 1e10 + 1e-6, 0), plane(-1e300, 1e300, 1e300, 0)]) {
      const texts = textOf(embeddingScatter(scatter(layer({ points }))));
      expect(texts.length).toBeGreaterThan(6);
      expect(texts.join("")).not.toContain("NaN");
    }
  });

  test("are many in a file of moderate size", () => {
    const data = Float64Array.from({ length: 20_000 }, (_, i) => Math.sin(i * i));
    const svg = embeddingScatter(scatter(layer({ points: { rows: 10_000, columns: 2, data } })));
    expect(svg.length).toBeLessThan(160_000);
  });
});

test.each<[string, EmbeddingScatter, typeof RangeError | typeof ShapeError, string]>([
  ["no layers", { title: "", layers: [] }, RangeError, "embeddingScatter: needs at least one layer, got 0"],
  [
    "three coordinates",
    scatter(layer({ points: { rows: 1, columns: 3, data: [1, 2, 3] } })),
    ShapeError,
    'embeddingScatter: points of layer "hidden" must be rows of two coordinates, got 1 × 3 of 3 numbers',
  ],
  [
    "too few labels",
    scatter(layer({ labels: ["cat"] })),
    ShapeError,
    'embeddingScatter: labels of layer "hidden" must be one for each of 3 points, got 1',
  ],
])("refuses %s", (_, figure, error, message) => {
  expect(() => embeddingScatter(figure)).toThrow(error);
  expect(() => embeddingScatter(figure)).toThrow(message);
});

test.each([
  ["scatter", scatter(layer({ labels: ["cat", "dog", "dog"] }))],
  ["scatter-twelve-dark", { ...partingClasses(12, 40), theme: "dark" as const }],
])("the document of %s is the stored one", async (name, figure) => {
  await expect(embeddingScatter(figure)).toMatchFileSnapshot(`fixtures/${name}.svg`);
});
