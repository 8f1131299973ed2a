import { NonFiniteError, ShapeError } from "@delve/kernel";
import { describe, expect, test } from "vitest";
import {
  covariance,
  eigh,
  eigvalsh,
  intrinsicDimensionality,
  loadDelve,
  saturation,
  spectrum,
} from "./functions.js";

const X = [
  [1, 2],
  [3, 2],
  [5, 8],
];

describe("covariance", () => {
  test("is the population's, of the columns", async () => {
    const c = await covariance(X);
    expect(c.shape).toEqual([2, 2]);
    expect(c.data).toBeInstanceOf(Float64Array);
    expect(c.data[0]).toBeCloseTo(8 / 3, 14);
    expect(c.toArray().slice(1)).toEqual([[4, 8]]);
  });

  test("divides by n − ddof, and leaves the mean in when asked to", async () => {
    expect((await covariance(X, { ddof: 1 })).toArray()).toEqual([
      [4, 6],
      [6, 12],
    ]);
    expect((await covariance(X, { center: false, ddof: 1 })).toArray()).toEqual([
      [17.5, 24],
      [24, 36],
    ]);
  });

  test("takes every form of the same matrix", async () => {
    const expected = (await covariance(X)).data;
    const columnMajor = { data: Float32Array.of(1, 3, 5, 2, 2, 8), shape: [3, 2], strides: [1, 3] };
    const backwards = { data: [8, 5, 2, 3, 2, 1], shape: [3, 2], stride: [-2, -1], offset: 5 };
    const tensor = { shape: [3, 2], dataSync: () => Int32Array.from(X.flat()) };
    for (const input of [columnMajor, backwards, tensor]) {
      const { data } = await covariance(input);
      data.forEach((value, i) => {
        expect(value).toBeCloseTo(expected[i]!, 14);
      });
    }
  });

  test("of one sample is zero", async () => {
    expect((await covariance([[3, 1]])).toArray()).toEqual([
      [0, 0],
      [0, 0],
    ]);
  });

  test("is exact to 1e-13 at a mean of 1e8 standard deviations", async () => {
    const c = await covariance([[1e8 - 1], [1e8 + 1], [1e8], [1e8]]);
    expect(c.at(0, 0)).toBeCloseTo(0.5, 13);
  });

  test("refuses NaN and names row and feature", async () => {
    const refused = covariance([
      [1, 2],
      [3, Number.NaN],
    ]);
    await expect(refused).rejects.toThrow(/^covariance: .*got NaN at row 1, feature 1/);
    await expect(refused).rejects.toBeInstanceOf(NonFiniteError);
    await expect(refused).rejects.toMatchObject({ row: 1, feature: 1, value: Number.NaN });
  });

  test("refuses what leaves nothing to divide by", async () => {
    await expect(covariance(X, { ddof: 3 })).rejects.toThrow(RangeError);
    await expect(covariance(X, { ddof: -1 })).rejects.toThrow(/ddof must be a number of 0 or more, got -1/);
  });

  test("refuses shapes by their own name", async () => {
    await expect(covariance([])).rejects.toThrow(ShapeError);
    await expect(covariance({ data: [], shape: [0, 2] })).rejects.toThrow(
      "covariance: needs at least one sample, got shape [0, 2]",
    );
  });

  test("refuses an unknown option", async () => {
    // @ts-expect-error: a misspelt name
    await expect(covariance(X, { centre: false })).rejects.toThrow(
      'covariance: options must be among center, ddof, got "centre"',
    );
  });
});

describe("spectrum, saturation, intrinsicDimensionality", () => {
  // Variances 16, 4 and 0 along the axes.
  const AXES = [
    [4, 2, 7],
    [-4, 2, 7],
    [4, -2, 7],
    [-4, -2, 7],
  ];

  test("spectrum is descending, with zeros where nothing varies", async () => {
    const values = await spectrum(AXES);
    expect(Array.from(values)).toEqual([16, 4, 0]);
  });

  test("count the directions that carry the threshold", async () => {
    expect(await intrinsicDimensionality(AXES)).toBe(2);
    expect(await intrinsicDimensionality(AXES, { threshold: 0.8 })).toBe(1);
    expect(await intrinsicDimensionality(AXES, { threshold: 0.81 })).toBe(2);
    expect(await saturation(AXES, { threshold: 0.8 })).toBe(1 / 3);
    expect(await saturation(AXES)).toBe(2 / 3);
  });

  test("follow Delve's rule when asked to", async () => {
    expect(await intrinsicDimensionality(AXES, { idimRule: "delve" })).toBe(1);
    expect(await saturation(AXES, { idimRule: "delve" })).toBe(1 / 3);
  });

  test("are 0 where nothing varies", async () => {
    expect(await saturation([[1, 2]])).toBe(0);
    expect(await intrinsicDimensionality([[5], [5]])).toBe(0);
  });

  test("refuse thresholds and rules that there are not", async () => {
    await expect(saturation(AXES, { threshold: 0 })).rejects.toThrow(RangeError);
    await expect(saturation(AXES, { threshold: 1.1 })).rejects.toThrow(RangeError);
    // @ts-expect-error: no such rule
    await expect(saturation(AXES, { idimRule: "best" })).rejects.toThrow(
      'saturation: idimRule must be one of documented, delve, got the string "best"',
    );
  });
});

describe("eigh and eigvalsh", () => {
  const A = [
    [2, 1],
    [1, 2],
  ];

  test("give ascending values and unit vectors in columns", async () => {
    const { values, vectors } = await eigh(A);
    expect(values[0]).toBeCloseTo(1, 14);
    expect(values[1]).toBeCloseTo(3, 14);
    expect(vectors.shape).toEqual([2, 2]);
    for (const k of [0, 1]) {
      const v = [vectors.at(0, k)!, vectors.at(1, k)!];
      expect(Math.hypot(...v)).toBeCloseTo(1, 14);
      expect(2 * v[0]! + v[1]!).toBeCloseTo(values[k]! * v[0]!, 14);
    }
    (await eigvalsh(A)).forEach((value, k) => {
      expect(value).toBeCloseTo(values[k]!, 14);
    });
  });

  test("read the triangle that uplo names", async () => {
    const a = [
      [1, 100],
      [0, 2],
    ];
    expect(Array.from(await eigvalsh(a, { uplo: "L" }))).toEqual([1, 2]);
    await expect(eigvalsh(a)).rejects.toThrow(/^eigvalsh: the matrix must be symmetric/);
    // @ts-expect-error: no such triangle
    await expect(eigh(a, { uplo: "lower" })).rejects.toThrow(
      'eigh: uplo must be one of U, L, got the string "lower"',
    );
  });

  test("refuse what is not square, and NaN", async () => {
    await expect(eigh(X)).rejects.toThrow("eigh: needs a square matrix of order 1 or more, got shape [3, 2]");
    await expect(eigvalsh([[Number.NaN]])).rejects.toThrow(NonFiniteError);
  });
});

describe("loadDelve", () => {
  test("gives the same functions without await", async () => {
    const delve = await loadDelve();
    expect(delve.covariance(X)).toEqual(await covariance(X));
    expect(delve.spectrum(X)).toEqual(await spectrum(X));
    expect(delve.saturation(X)).toBe(await saturation(X));
    expect(delve.intrinsicDimensionality(X)).toBe(await intrinsicDimensionality(X));
    expect(delve.eigh(delve.covariance(X))).toEqual(await eigh(await covariance(X)));
    expect(delve.eigvalsh(delve.covariance(X))).toEqual(await eigvalsh(await covariance(X)));
    expect(() => delve.saturation([[Number.POSITIVE_INFINITY]])).toThrow(
      /^saturation: .*got Infinity at row 0, feature 0/,
    );
  });

  test("computes where it is told to", async () => {
    expect((await loadDelve()).backend.name).toBe("wasm");
    expect((await loadDelve({ device: "wasm" })).backend.name).toBe("wasm");
    const delve = await loadDelve({ device: "reference" });
    expect(delve.backend.name).toBe("reference");
    expect(delve.covariance(X).at(1, 1)).toBe(8);
  });
});
