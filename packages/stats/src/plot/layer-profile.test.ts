import { ShapeError } from "@delve/kernel";
import { describe, expect, test } from "vitest";
import { comparedProfile, saturationProfile } from "../../test/support/profiles.js";
import { clippedTexts, svgSize, svgTexts } from "../../test/support/svg-texts.js";
import { layerProfile } from "./layer-profile.js";
import type { LayerProfile } from "./profile-spec.js";

const one: LayerProfile = {
  title: "mlp · saturation · train · epoch 3",
  valueLabel: "saturation",
  valueScale: "share",
  layers: ["hidden", "output"],
  series: [{ name: "train", values: [0.41, 0.87] }],
};

const textOf = (svg: string) => svgTexts(svg).map(({ text }) => text);

/** Layer names, drawn in one or several lines, put together again. */
function namesOf(svg: string): string {
  return textOf(svg).join("");
}

describe("text", () => {
  test("names what faded lines are: epochs, or what one says", () => {
    const series = [0.2, 0.4].map((value) => ({ name: "train", values: [value, value] }));
    expect(textOf(layerProfile({ ...one, series }))).toContain("earlier");
    const texts = textOf(layerProfile({ ...one, series, fadedLabel: "single seeds" }));
    expect(texts).toContain("single seeds");
    expect(texts).not.toContain("earlier");
  });

  test("says title, axes, layers and values", () => {
    const texts = textOf(layerProfile(one));
    expect(texts).toEqual(
      expect.arrayContaining([one.title, "saturation", "hidden", "output", "0.41", "0.87", "0", "1.0"]),
    );
    expect(texts).toContain("layers in order of their forward pass");
  });

  test("says what stands along x, where that is not layers", () => {
    const caption = "share of the variance that is kept";
    const svg = layerProfile({ ...one, layers: ["0.5", "0.9"], caption });
    expect(textOf(svg)).toContain(caption);
    expect(textOf(svg)).not.toContain("layers in order of their forward pass");
    expect(clippedTexts(layerProfile({ ...one, figsize: [2, 2], caption: caption.repeat(5) }))).toEqual([]);
  });

  test.each([1, 3, 30, 200])("of %d layers is whole and inside the figure", (count) => {
    for (const profile of [saturationProfile(count), comparedProfile(count)]) {
      const svg = layerProfile(profile);
      expect(clippedTexts(svg)).toEqual([]);
      const texts = textOf(svg);
      for (const layer of profile.layers) {
        expect(texts.includes(layer) || namesOf(svg).includes(layer)).toBe(true);
      }
    }
  });

  test.each([
    ["300 characters without a separator", "x".repeat(300)],
    ["300 characters with separators", "encoder/layer_norm.".repeat(16)],
    ["markup", `</text><script>alert("1")</script> & ''`],
    ["other scripts and emoji", "слой-層-🧠👩‍🔬"],
    ["spaces in a row", "a  b   c"],
  ])("holds %s whole", (_, name) => {
    for (const layers of [
      [name, "b"],
      [...saturationProfile(30).layers.slice(1), name],
      new Array(70).fill(name),
    ]) {
      const svg = layerProfile({
        ...one,
        layers,
        series: [{ name: "train", values: layers.map(() => 0.5) }],
      });
      expect(clippedTexts(svg)).toEqual([]);
      expect(namesOf(svg).replace(/\s/g, "")).toContain(name.replace(/\s/g, ""));
      expect(svg).not.toContain("<script");
    }
  });

  test("shows control characters", () => {
    expect(textOf(layerProfile({ ...one, layers: ["a\nb", "c\u0000"] }))).toEqual(
      expect.arrayContaining(["a\\nb", "c\\u0000"]),
    );
  });

  test.each<[string, Partial<LayerProfile>]>([
    ["a long title and subtitle", { title: "word ".repeat(60), subtitle: "s".repeat(400) }],
    ["a long value label", { valueLabel: "label ".repeat(60) }],
    ["a tiny figure", { figsize: [0.5, 0.5] }],
    ["large type", { fontsize: 40, subtitle: "subtitle" }],
    ["a long series name", { series: ["a", "b"].map((x) => ({ name: x.repeat(300), values: [0, 1] })) }],
  ])("is whole with %s", (_, change) => {
    expect(clippedTexts(layerProfile({ ...one, ...change }))).toEqual([]);
  });

  test("names stand below their layers and do not touch", () => {
    for (const count of [3, 12, 30, 200]) {
      const profile = saturationProfile(count);
      const names = svgTexts(layerProfile(profile)).filter(({ text }) => profile.layers.includes(text));
      expect(names).toHaveLength(count);
      const { angle, fontSize } = names[0]!;
      // Distance of neighbouring baselines, or of neighbouring boxes where names are flat.
      for (const [i, { corners }] of names.entries()) {
        const next = names[i + 1];
        if (next === undefined) continue;
        const step = next.corners[1]!.x - corners[1]!.x;
        if (angle === 0) expect(next.corners[0]!.x).toBeGreaterThan(corners[1]!.x);
        else expect(step * Math.sin((-angle * Math.PI) / 180)).toBeGreaterThanOrEqual(fontSize);
      }
    }
  });
});

describe("marks", () => {
  test("one marker a value, with layer, value and n as tooltip", () => {
    const svg = layerProfile({
      ...one,
      series: [{ name: "train", values: [0.4, 0.9], samples: [90, 1437] }],
    });
    expect([...svg.matchAll(/<title>([^<]*)<\/title>/g)].map(([, text]) => text)).toEqual([
      "hidden: 0.40 (train, n = 90)",
      "output: 0.90 (train, n = 1,437)",
    ]);
    expect(textOf(svg)).toContain("n = 90–1,437");
  });

  test("null, NaN and infinities leave a gap in the line", () => {
    for (const gap of [null, Number.NaN, Number.POSITIVE_INFINITY]) {
      const layers = ["a", "b", "c", "d", "e"];
      const svg = layerProfile({
        ...one,
        layers,
        series: [{ name: "train", values: [0.1, 0.2, gap, 0.3, 0.4] }],
      });
      const line = /<path d="(M[^"]*)" fill="none"/.exec(svg)![1]!;
      expect(line.match(/M/g)).toHaveLength(2);
      expect(svg.match(/<title>/g)).toHaveLength(4);
    }
  });

  test("undersampled layers are open and explained", () => {
    const svg = layerProfile({
      ...one,
      series: [{ name: "train", values: [0.4, 0.9], undersampled: [false, true] }],
    });
    expect(textOf(svg)).toContain("undersampled: fewer than 10 samples a feature");
    expect(svg).toMatch(/fill="#0072b2"[^>]*><title>hidden: 0.40 \(train\)</);
    expect(svg).toMatch(/fill="#ffffff"[^>]*><title>output: 0.90 \(train, undersampled\)</);
    expect(textOf(layerProfile(one))).not.toContain("undersampled: fewer than 10 samples a feature");
  });

  test("of series with one name the last is in front, older ones are fainter", () => {
    const series = [0, 1, 2].map((epoch) => ({ name: "train", epoch, values: [0.1 * epoch, 0.5] }));
    const svg = layerProfile({ ...one, series });
    const opacities = [...svg.matchAll(/<path d="M[^>]*fill="none"[^>]*>/g)].map(([path]) =>
      Number(/ stroke-opacity="([^"]*)"/.exec(path)?.[1] ?? 1),
    );
    expect(opacities).toEqual([0.38, 0.5, 1]);
    expect(textOf(svg)).toEqual(expect.arrayContaining(["train", "epochs 0–1"]));
    expect(svg.match(/<title>/g)).toHaveLength(2);
  });

  test("a legend shows faded lines in their colour, or in a neutral one where they have several", () => {
    const series = [0, 1].flatMap((epoch) =>
      ["train", "eval"].map((name) => ({ name, epoch, values: [0.1 * epoch, 0.5] })),
    );
    const sample = /<line [^>]*stroke="([^"]*)" stroke-width="1.5" stroke-opacity="0.4"/;
    expect(sample.exec(layerProfile({ ...one, series }))![1]).toBe("#57606a");
    const trained = series.filter(({ name }) => name === "train");
    expect(sample.exec(layerProfile({ ...one, series: trained }))![1]).toBe("#0072b2");
  });

  test("a faded value that no line reaches has a faded marker", () => {
    const faded = (svg: string) => svg.match(/<path [^>]*fill-opacity="0.5"/g)?.length ?? 0;
    const earlier = { name: "train", epoch: 0, values: [0.2, null, 0.3, 0.4] };
    const now = { name: "train", epoch: 1, values: [0.5, 0.5, 0.5, 0.5] };
    const layers = ["a", "b", "c", "d"];
    expect(faded(layerProfile({ ...one, layers, series: [earlier, now] }))).toBe(1);
    expect(faded(layerProfile({ ...one, layers, series: [now] }))).toBe(0);
  });

  test("grid and faded lines end at the values", () => {
    const svg = layerProfile(comparedProfile(12));
    const values = svgTexts(svg).filter(({ text }) => /^0\.\d\d$/.test(text));
    const grounds = [...svg.matchAll(/<rect x="([^"]*)" y="([^"]*)" width="([^"]*)" [^>]*fill="#ffffff"/g)];
    expect(values.length).toBeGreaterThan(10);
    expect(grounds).toHaveLength(values.length);
    for (const [i, { corners }] of values.entries()) {
      const [, x, , width] = grounds[i]!.map(Number);
      expect(x!).toBeLessThan(corners[0]!.x);
      expect(x! + width!).toBeGreaterThan(corners[1]!.x);
      // Before the first line in front, which may come close.
      expect(svg.indexOf(grounds[i]![0])).toBeLessThan(svg.indexOf('stroke="#0072b2" stroke-width="1.75"'));
    }
  });

  test("series of other names differ in colour, marker and dash", () => {
    const svg = layerProfile({
      ...one,
      series: ["train", "eval"].map((name) => ({ name, values: [0.2, 0.4] })),
    });
    expect(svg).toContain('stroke="#d55e00" stroke-width="1.75" stroke-dasharray="7 4"');
    expect(textOf(svg)).toEqual(expect.arrayContaining(["train", "eval"]));
  });
});

describe("axes", () => {
  const stroked = (svg: string, color: string) =>
    [...svg.matchAll(new RegExp(`<line x1="[^"]*" y1="([^"]*)" x2="[^"]*" y2="\\1" stroke="${color}"`, "g"))]
      .length;

  test("0 stands out between values of both signs", () => {
    const svg = layerProfile({ ...one, valueScale: "linear", series: [{ name: "train", values: [-1, 2] }] });
    expect(stroked(svg, "#8c959f")).toBe(1);
    expect(stroked(svg, "#e4e8ec")).toBeGreaterThan(2);
    expect(stroked(layerProfile(one), "#8c959f")).toBe(0);
  });

  test("numbers of a small figure in large type do not touch", () => {
    const svg = layerProfile({ ...one, figsize: [3, 2], fontsize: 14 });
    const ticks = svgTexts(svg).filter(({ text }) => /^(0|0\.\d|1\.0)$/.test(text));
    expect(ticks).toHaveLength(6);
    for (const [i, { corners }] of ticks.slice(1).entries()) {
      expect(corners[2]!.y).toBeLessThan(ticks[i]!.corners[0]!.y);
    }
  });
});

describe("style", () => {
  test("figsize and fontsize are inches and points", () => {
    const svg = layerProfile({ ...one, figsize: [10, 6], fontsize: 12 });
    expect(svgSize(svg)).toEqual({ width: 960, height: 576 });
    expect(svgTexts(svg)[0]!.fontSize).toBe(24);
  });

  test("the figure grows where names need more", () => {
    expect(svgSize(layerProfile(saturationProfile(200))).width).toBeGreaterThan(2000);
    expect(svgSize(layerProfile({ ...one, layers: ["x".repeat(300), "b"] })).height).toBeGreaterThan(480);
  });

  test("themes are built in or one's own", () => {
    expect(layerProfile({ ...one, theme: "dark" })).toContain('fill="#12161c"');
    const theme = {
      background: "#fed",
      ink: "#111",
      muted: "#222",
      axis: "#333",
      grid: "#444",
      palette: ["#555"],
    };
    const svg = layerProfile({ ...one, theme });
    for (const colour of Object.values(theme).flat()) expect(svg).toContain(`"${colour}"`);
  });

  test.each<[string, Partial<LayerProfile>, typeof ShapeError | typeof RangeError, string]>([
    ["no layers", { layers: [] }, RangeError, "layerProfile: needs at least one layer, got 0"],
    ["no series", { series: [] }, RangeError, "layerProfile: needs at least one series, got 0"],
    [
      "too few values",
      { series: [{ name: "train", values: [1] }] },
      ShapeError,
      'layerProfile: values of the series "train" must hold one entry for each of 2 layers, got 1',
    ],
    [
      "figsize",
      { figsize: [0, 5] },
      RangeError,
      "layerProfile.figsize: must be two positive numbers of inches, got [0, 5]",
    ],
    [
      "fontsize",
      { fontsize: Number.NaN },
      RangeError,
      "layerProfile.fontsize: must be a positive number of points, got NaN",
    ],
    ["theme", { theme: "drak" as "dark" }, RangeError, 'did you mean "dark"?'],
    ["scale", { valueScale: "lin" as "linear" }, RangeError, 'must be one of "share", "count"'],
  ])("refuses %s", (_, change, error, message) => {
    expect(() => layerProfile({ ...one, ...change })).toThrow(error);
    expect(() => layerProfile({ ...one, ...change })).toThrow(message);
  });
});

describe("the document", () => {
  test.each([
    ["mlp", one],
    ["three-compared", comparedProfile(3)],
    ["thirty-dark", { ...comparedProfile(30), theme: "dark" as const }],
    [
      "trace-log",
      {
        ...one,
        valueScale: "auto" as const,
        valueLabel: "trace",
        series: [{ name: "eval", values: [0.004, 90] }],
      },
    ],
  ])("of %s is the stored one", async (name, profile) => {
    await expect(layerProfile(profile)).toMatchFileSnapshot(`fixtures/${name}.svg`);
  });

  test("is a function of the profile alone", () => {
    expect(layerProfile(structuredClone(comparedProfile(30)))).toBe(layerProfile(comparedProfile(30)));
  });
});
