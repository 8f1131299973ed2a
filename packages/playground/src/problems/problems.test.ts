import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { afterEach, describe, expect, test, vi } from "vitest";
import { DEFAULTS, PROBLEMS } from "../state/settings.js";
import { digitsDataset } from "./digits.js";
import { type PlanarName, planarDataset } from "./planar.js";
import { seededRandom, shuffled } from "./random.js";

const packed = readFileSync(new URL("../../../../examples/data/digits.csv.gz", import.meta.url));
const csv = gunzipSync(packed).toString();
const planar = PROBLEMS.filter((name): name is PlanarName => name !== "digits");

describe.each(planar)("%s", (problem) => {
  test("two classes of as many points, in the square when there is no noise", () => {
    const { train, heldOut } = planarDataset(problem, { noise: 0, seed: 5, count: 400 });
    for (const { inputs, classes } of [train, heldOut]) {
      expect(classes.filter((label) => label === 1).length).toBe(200);
      expect(Math.max(...inputs.map(Math.abs))).toBeLessThanOrEqual(problem === "gauss" ? 1.2 : 1);
    }
    expect(heldOut.inputs).not.toEqual(train.inputs);
  });

  test("a seed gives the same points, another one others", () => {
    const of = (seed: number) => planarDataset(problem, { noise: 0.1, seed, count: 20 });
    expect(of(3)).toEqual(of(3));
    expect(of(3)).not.toEqual(of(4));
  });

  test("can be told apart: the nearest training point names the class of nearly all others", () => {
    const { train, heldOut } = planarDataset(problem, { noise: 0, seed: 1 });
    const right = [...heldOut.classes].filter((label, i) => {
      const [x, y] = [heldOut.inputs[2 * i]!, heldOut.inputs[2 * i + 1]!];
      const gaps = [...train.classes].map((_, j) =>
        Math.hypot(x - train.inputs[2 * j]!, y - train.inputs[2 * j + 1]!),
      );
      return train.classes[gaps.indexOf(Math.min(...gaps))] === label;
    });
    expect(right.length / heldOut.classes.length).toBeGreaterThan(0.97);
  });
});

describe("digits", () => {
  const of = (options: { noise?: number; seed?: number; resolution?: number }) =>
    digitsDataset(csv, { noise: 0, seed: 1, resolution: 8, ...options });

  test("are the pixels of the file, over 16, none of them in both sets", () => {
    const { train, heldOut, shape } = of({});
    expect(shape).toEqual([8, 8, 1]);
    const rows = new Map(
      csv
        .trim()
        .split("\n")
        .map((row) => [row.slice(0, row.lastIndexOf(",")), row]),
    );
    const textOf = (inputs: Float32Array, i: number) =>
      inputs
        .subarray(64 * i, 64 * (i + 1))
        .map((ink) => 16 * ink)
        .join(",");
    for (const { inputs, classes } of [train, heldOut]) {
      classes.forEach((label, i) => {
        expect(rows.get(textOf(inputs, i))?.endsWith(`,${label}`)).toBe(true);
        rows.delete(textOf(inputs, i));
      });
    }
  });

  test("enlarged ones keep their mean ink, nearly, and their range", () => {
    const [small, large] = [of({}).train.inputs, of({ resolution: 24 }).train.inputs];
    expect(large.length).toBe(9 * small.length);
    const mean = (values: Float32Array) => values.reduce((sum, value) => sum + value, 0) / values.length;
    expect(mean(large)).toBeCloseTo(mean(small), 1);
    expect(large.every((ink) => ink >= 0 && ink <= 1)).toBe(true);
  });

  test("noise changes the ink, not the digits", () => {
    const [clean, noisy] = [of({}), of({ noise: 0.2 })];
    expect(noisy.train.classes).toEqual(clean.train.classes);
    const deviations = noisy.train.inputs.map((ink, i) => ink - clean.train.inputs[i]!);
    const spread = Math.hypot(...deviations) / Math.sqrt(deviations.length);
    expect(spread).toBeCloseTo(0.2, 2);
  });

  test("a row that is none is refused", () => {
    expect(() => digitsDataset("1,2,3", { noise: 0, seed: 1, resolution: 8 })).toThrow(
      "must have 65 numbers",
    );
  });
});

describe("loadDataset", () => {
  afterEach(() => vi.unstubAllGlobals());

  test.each([
    ["as the file is", packed],
    ["as a server may have unpacked it", Buffer.from(csv)],
  ])("reads the digits %s", async (_, bytes) => {
    vi.resetModules();
    vi.stubGlobal("fetch", async () => new Response(new Uint8Array(bytes)));
    const { loadDataset } = await import("./load.js");
    const { train } = await loadDataset({ ...DEFAULTS, problem: "digits", noise: 0 });
    expect(train).toEqual(digitsDataset(csv, { noise: 0, seed: 1, resolution: 8 }).train);
  });

  test("a failure is told, and does not last", async () => {
    vi.resetModules();
    vi.stubGlobal("fetch", async () => new Response("", { status: 404 }));
    const { loadDigits } = await import("./load.js");
    await expect(loadDigits()).rejects.toThrow("status 404");
    vi.stubGlobal("fetch", async () => new Response("1,2"));
    expect(await loadDigits()).toBe("1,2");
  });
});

describe("random numbers", () => {
  test("are normal", () => {
    const { normal } = seededRandom(1);
    const values = Array.from({ length: 20_000 }, normal);
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    expect(mean).toBeCloseTo(0, 1);
    expect(Math.hypot(...values) / Math.sqrt(values.length)).toBeCloseTo(1, 1);
    expect(values.every(Number.isFinite)).toBe(true);
  });

  test("shuffled holds the same items", () => {
    const items = shuffled(Array(100).keys(), seededRandom(2));
    expect(items).not.toEqual([...Array(100).keys()]);
    expect(items.sort((a, b) => a - b)).toEqual([...Array(100).keys()]);
  });
});
