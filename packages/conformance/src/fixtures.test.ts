import { existsSync } from "node:fs";
import { describe, expect, test } from "vitest";
import {
  covmatrixCases,
  fixturePath,
  isFailure,
  metricsCases,
  readCase,
  readFloats,
  readNpy,
} from "./fixtures.js";

describe("fixtures", () => {
  test("every case of the index is there", () => {
    const { cases } = readCase<{ cases: { kind: string; path: string }[] }>("index.json");
    expect(cases.length).toBe(118);
    for (const { path } of cases) {
      const file = path.endsWith(".json") ? path : `${path}/case.json`;
      expect(existsSync(fixturePath(file)), file).toBe(true);
    }
  });

  test("numbers that JSON does not have are read", () => {
    const failing = metricsCases().filter(({ finite }) => !finite);
    expect(failing.map(({ id }) => id)).toEqual(["nan", "inf", "nan_1x1"]);
    expect(failing[0]!.covariance.filter(Number.isNaN)).toHaveLength(2);
    expect(failing[1]!.covariance[0]).toBe(Number.POSITIVE_INFINITY);
    expect(failing[1]!.determinant).toBe(Number.POSITIVE_INFINITY);
    expect(isFailure(failing[0]!.eigenvalues)).toBe(true);
  });

  test("matrices come inline or from a file", () => {
    const cases = metricsCases();
    expect(cases).toHaveLength(24);
    for (const { id, covariance, features } of cases) expect(covariance, id).toHaveLength(features ** 2);
    const fromFile = cases.find(({ id }) => id === "rot_slow")!;
    expect(fromFile.covariance.slice(0, 3)).toEqual(readFloats("metrics/rot_slow.npy").data.slice(0, 3));
  });

  test("results agree with each other: the trace is the sum of the diagonal", () => {
    for (const { id, trace, covariance, features, finite } of metricsCases()) {
      if (!finite) continue;
      let sum = 0;
      for (let i = 0; i < features; i++) sum += covariance[i * features + i]!;
      expect(Math.abs(sum - trace), id).toBeLessThanOrEqual(1e-14 * Math.abs(trace));
    }
  });

  test("batches of covmatrix are float32 matrices", () => {
    const [centred] = covmatrixCases();
    expect(centred).toMatchObject({ id: "centred", center: true, vae: false, count: 12 });
    expect(centred!.batches.map(({ dtype, shape }) => [dtype, shape])).toEqual([
      ["<f4", [7, 4]],
      ["<f4", [5, 4]],
    ]);
    expect(isFailure(covmatrixCases().at(-1)!.covariance)).toBe(true);
  });

  test("arrays of other types are read, and not taken for floats", () => {
    const file = (name: string) => `writers/npy_3_epochs/files/value_types/${name}_epoch0.npy`;
    expect(readNpy(file("i/i")).dtype).toBe("<i8");
    expect(readNpy(file("s/s")).data).toHaveLength(1);
    expect(() => readFloats(file("i/i"))).toThrow("must hold floats, got <i8");
  });
});
