import { createRequire } from "node:module";
import { Ajv } from "ajv";
import { parse, View, Warn } from "vega";
import { compile, type TopLevelSpec } from "vega-lite";
import { describe, expect, test } from "vitest";
import { fallingSpectra, partingClasses, settlingMap } from "../../../test/support/figures.js";
import { comparedProfile } from "../../../test/support/profiles.js";
import { heatMapVegaLite } from "./heat-map-vega-lite.js";
import { layerProfileVegaLite } from "./profile-vega-lite.js";
import { embeddingScatterVegaLite } from "./scatter-vega-lite.js";
import { spectrumPlotVegaLite } from "./spectrum-vega-lite.js";
import type { VegaLiteSpec } from "./vega-lite.js";

/** What Vega draws, and what it complained of on the way. */
async function rendered(spec: VegaLiteSpec): Promise<{ svg: string; warnings: string[] }> {
  const warnings: string[] = [];
  const note = (...message: readonly unknown[]) => {
    warnings.push(message.join(" "));
    return logger;
  };
  const quiet = () => logger;
  const logger = { level: () => logger, error: note, warn: note, info: quiet, debug: quiet } as never;
  const { spec: compiled } = compile(spec as unknown as TopLevelSpec, { logger });
  const view = new View(parse(compiled), { renderer: "none", logger, logLevel: Warn });
  return { svg: await view.toSVG(), warnings };
}

/** Whether a specification is one by the published schema; `valid.errors` says why not. */
const valid = new Ajv({ strict: false, validateFormats: false }).compile(
  createRequire(import.meta.url)("vega-lite/vega-lite-schema.json"),
);

const unescaped = (svg: string) => svg.replaceAll("&amp;", "&").replaceAll("&lt;", "<");

const KINDS: Record<string, (layers: number, theme: "light" | "dark") => VegaLiteSpec> = {
  profile: (layers, theme) => layerProfileVegaLite({ ...comparedProfile(layers), theme }),
  heatmap: (layers, theme) => heatMapVegaLite({ ...settlingMap(layers, 12), theme }),
  spectrum: (layers, theme) => spectrumPlotVegaLite({ ...fallingSpectra(layers), theme }),
  scatter: (layers, theme) => embeddingScatterVegaLite({ ...partingClasses(layers, 30), theme }),
};

describe.each(Object.keys(KINDS))("%s", (kind) => {
  test.each([
    [1, "light"],
    [3, "dark"],
    [12, "light"],
  ] as const)("of %d layers, %s, compiles without a warning and is drawn", async (layers, theme) => {
    const spec = KINDS[kind]!(layers, theme);
    const { svg, warnings } = await rendered(spec);
    expect(warnings).toEqual([]);
    for (const name of comparedProfile(layers).layers) {
      // Those that have nothing to show have a gap, or no panel.
      const isMissing =
        (kind === "spectrum" || kind === "scatter") && !JSON.stringify(spec).includes(`"layer":"${name}"`);
      if (!isMissing) expect(unescaped(svg)).toContain(name);
    }
    expect(svg).toContain(`network of ${layers}`);
    expect(svg).toContain(theme === "dark" ? 'fill="#12161c"' : 'fill="#ffffff"');
    expect(svg).not.toMatch(/NaN|undefined/);
  });

  test.each([1, 3, 30, 200])("of %d layers is valid by Vega-Lite's schema", (layers) => {
    valid(KINDS[kind]!(layers, "light"));
    expect(valid.errors).toBeNull();
  });

  test("is plain JSON, whatever it shows", () => {
    const spec = KINDS[kind]!(12, "light");
    expect(JSON.parse(JSON.stringify(spec))).toEqual(spec);
    expect(spec.$schema).toBe("https://vega.github.io/schema/vega-lite/v6.json");
  });
});

test("the schema refuses what Vega-Lite does not know", () => {
  const spec = KINDS["profile"]!(3, "light");
  expect(valid({ ...spec, mark: "blob", layer: undefined })).toBe(false);
  expect(valid({ ...spec, encoding: { x: { field: "layer", type: "name" } } })).toBe(false);
});

const marks = (svg: string, role: string) => svg.split(`aria-roledescription="${role}"`).length - 1;

test("a profile has a line for each series, a point for each value in front", async () => {
  const { svg } = await rendered(
    layerProfileVegaLite({
      title: "",
      valueLabel: "saturation",
      valueScale: "share",
      layers: ["a", "b", "c"],
      series: [
        { name: "train", epoch: 0, values: [0.1, 0.2, 0.3] },
        { name: "train", epoch: 1, values: [0.1, Number.NaN, 0.3], undersampled: [true, false, false] },
        { name: "eval", epoch: 1, values: [0.4, 0.5, 0.6] },
      ],
    }),
  );
  expect(marks(svg, "line mark")).toBe(3);
  expect(marks(svg, "point")).toBe(5);
  expect(svg).toContain("1.0");
});

test("a heat map has a cell for each value, a cross for what is missing, a dot where samples are few", async () => {
  const { svg } = await rendered(
    heatMapVegaLite({
      title: "",
      valueLabel: "trace",
      layers: ["a", "b"],
      epochs: [3, 4],
      values: [
        [0.001, 100],
        [Number.POSITIVE_INFINITY, 1],
      ],
      undersampled: [
        [true, false],
        [false, false],
      ],
    }),
  );
  expect(marks(svg, "rect mark")).toBe(3);
  expect(marks(svg, "point")).toBe(1);
  expect(svg.split(">×<")).toHaveLength(2);
});

test("spectra have a panel a layer, with the threshold and the dimensionality", async () => {
  const layers = [
    { layer: "a", eigenvalues: [4, 1, 0.4, 0] },
    { layer: "b", eigenvalues: null },
    { layer: "c", eigenvalues: [1] },
  ];
  const { svg } = await rendered(spectrumPlotVegaLite({ title: "", layers, threshold: 0.9 }));
  expect(svg).toContain("2 / 4 = 0.50");
  expect(svg).toContain("1 / 1 = 1.00");
  // Two for the threshold, two times two for the dimensionality.
  expect(marks(svg, "rule mark")).toBe(6);
});

test("scatters have a point a sample, in the colour of its class", async () => {
  const points = { rows: 3, columns: 2, data: [0, 1, 2, 3, Number.NaN, 5] };
  const layers = [{ layer: "a", points, labels: ["cat", "dog", "dog"] }];
  const { svg } = await rendered(embeddingScatterVegaLite({ title: "", layers }));
  expect(marks(svg, "point")).toBe(2);
  expect(svg).toContain("#0072b2");
  expect(svg).toContain("dog");
});

test("layers stay in order, those that begin with a gap too", async () => {
  const svgs = await Promise.all(["profile", "heatmap"].map((kind) => rendered(KINDS[kind]!(12, "light"))));
  for (const { svg } of svgs) {
    const places = comparedProfile(12).layers.map((name) => svg.lastIndexOf(`>${name}<`));
    expect(places).toEqual([...places].sort((a, b) => a - b));
  }
});

test("a legend names each class once", async () => {
  for (const kind of ["profile", "scatter"]) {
    const { svg } = await rendered(KINDS[kind]!(3, "dark"));
    expect(marks(svg, "legend")).toBe(1);
  }
});
