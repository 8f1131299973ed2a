import { DisposedError, loadKernel, NonFiniteError, ShapeError, StateFormatError } from "@delve/kernel";
import { describe, expect, test } from "vitest";
import { CovarianceMatrix } from "./covariance-matrix.js";
import { Delve } from "./delve.js";
import { covariance, saturation, spectrum } from "./functions.js";

const X = [
  [1, 2],
  [3, 2],
  [5, 8],
];

async function filled(options = {}): Promise<CovarianceMatrix> {
  const matrix = await CovarianceMatrix.open(options);
  matrix.update(X.slice(0, 2));
  matrix.update(X.slice(2));
  return matrix;
}

describe("CovarianceMatrix", () => {
  test("is empty before the first batch", async () => {
    const matrix = await CovarianceMatrix.open();
    expect([matrix.count, matrix.features, matrix.savedSamples]).toEqual([0, undefined, null]);
    await expect(matrix.fix()).rejects.toThrow("CovarianceMatrix.fix: needs at least one sample, got 0");
    await expect(matrix.encode()).rejects.toThrow(
      "CovarianceMatrix.encode: needs at least one sample, got 0",
    );
  });

  test("accumulates over batches", async () => {
    const matrix = await filled();
    expect([matrix.count, matrix.features]).toEqual([3, 2]);
    (await matrix.fix()).data.forEach((value, i) => {
      expect(value).toBeCloseTo([8 / 3, 4, 4, 8][i]!, 14);
    });
    expect(Array.from(await matrix.mean())).toEqual([3, 4]);
    matrix.update([[3, 4]]);
    expect(matrix.count).toBe(4);
    expect((await matrix.fix()).at(1, 1)).toBeCloseTo(6, 14);
  });

  test("divides by n − ddof, and leaves the mean in when asked to", async () => {
    const matrix = await filled({ ddof: 1 });
    expect((await matrix.fix()).at(0, 0)).toBeCloseTo(4, 14);
    expect((await matrix.fix({ ddof: 0 })).at(0, 0)).toBeCloseTo(8 / 3, 14);
    expect((await matrix.fix({ center: false })).at(0, 0)).toBeCloseTo(17.5, 13);
    const single = await CovarianceMatrix.open({ ddof: 1 });
    single.update([[1, 2]]);
    await expect(single.fix()).rejects.toThrow(RangeError);
  });

  test("gives the statistics of the same samples at once", async () => {
    const matrix = await filled();
    (await spectrum(X)).forEach(async (value, k) => {
      expect((await matrix.spectrum())[k]).toBeCloseTo(value, 13);
    });
    expect(await matrix.saturation({ threshold: 0.9 })).toBe(await saturation(X, { threshold: 0.9 }));
    expect(await matrix.intrinsicDimensionality({ threshold: 0.9 })).toBe(1);
    // @ts-expect-error: a misspelt name
    await expect(matrix.saturation({ treshold: 0.9 })).rejects.toThrow(
      /options must be among threshold, idimRule/,
    );
  });

  test("keeps the samples when asked to, whatever happens to the caller's array", async () => {
    const matrix = await CovarianceMatrix.open({ saveData: true });
    const data = Float32Array.of(1, 3, 2, 2);
    matrix.update({ data, shape: [2, 2], strides: [1, 2] });
    data.fill(0);
    matrix.update([[5, 8]]);
    expect(matrix.savedSamples?.toArray()).toEqual(X);
    matrix.reset();
    expect(matrix.savedSamples).toBeNull();
  });

  test("starts over on reset, for the same number of features", async () => {
    const matrix = await filled();
    matrix.reset();
    expect([matrix.count, matrix.features]).toEqual([0, 2]);
    await expect(matrix.fix()).rejects.toThrow("CovarianceMatrix.fix: needs at least one sample, got 0");
    matrix.update([
      [0, 0],
      [2, 2],
    ]);
    expect((await matrix.fix()).at(0, 1)).toBe(1);
  });
});

describe("CovarianceMatrix refuses a batch and stays as it was", () => {
  test.each([
    ["another number of features", [[1, 2, 3]], ShapeError, "needs samples of 2 features as before, got 3"],
    ["no rows", { data: [], shape: [0, 2] }, ShapeError, "needs at least one sample, got shape [0, 2]"],
    ["ragged rows", [[1, 2], [3]], ShapeError, "must hold 2 values like the first, got 1 at x[1]"],
    [
      "NaN in its last row",
      [
        [9, 9],
        [9, Number.NaN],
      ],
      NonFiniteError,
      "got NaN at row 1, feature 1",
    ],
    ["infinity", [[9, -Infinity]], NonFiniteError, "got -Infinity at row 0, feature 1"],
  ])("with %s", async (_, batch, kind, message) => {
    const matrix = await filled({ saveData: true });
    const before = [await matrix.state(), matrix.savedSamples];
    expect(() => matrix.update(batch)).toThrow(kind);
    expect(() => matrix.update(batch)).toThrow(`CovarianceMatrix.update: `);
    expect(() => matrix.update(batch)).toThrow(message);
    expect([await matrix.state(), matrix.savedSamples]).toEqual(before);
  });

  test("even its first one, which then fixes nothing", async () => {
    const matrix = await CovarianceMatrix.open();
    expect(() => matrix.update([[1, Number.NaN]])).toThrow(NonFiniteError);
    expect(matrix.features).toBeUndefined();
    matrix.update([[1, 2, 3]]);
    expect(matrix.features).toBe(3);
  });
});

describe("states", () => {
  test("merge as if all samples had been given to one", async () => {
    const whole = await filled();
    const [a, b] = [await CovarianceMatrix.open(), await CovarianceMatrix.open()];
    a.update(X.slice(0, 1));
    b.update(X.slice(1));
    await a.merge(b);
    expect([a.count, b.count]).toEqual([3, 2]);
    const expected = (await whole.fix()).data;
    (await a.fix()).data.forEach((value, i) => {
      expect(value).toBeCloseTo(expected[i]!, 14);
    });
  });

  test("merge into an empty one, from an empty one, and with itself", async () => {
    const matrix = await filled();
    const empty = await CovarianceMatrix.open();
    await empty.merge(matrix);
    expect((await empty.fix()).data).toEqual((await matrix.fix()).data);
    await matrix.merge(await CovarianceMatrix.open());
    expect(matrix.count).toBe(3);
    await matrix.merge(matrix);
    expect(matrix.count).toBe(6);
    expect((await matrix.fix()).at(1, 1)).toBeCloseTo(8, 14);
  });

  test("of other features are refused and change nothing", async () => {
    const matrix = await filled();
    const other = await CovarianceMatrix.open();
    other.update([[1]]);
    await expect(matrix.merge(other)).rejects.toThrow(
      "CovarianceMatrix.merge: needs samples of 2 features as before, got 1",
    );
    const state = await matrix.state();
    await expect(matrix.merge({ ...state, scatter: new Float64Array(2) })).rejects.toThrow(ShapeError);
    expect(await matrix.state()).toEqual(state);
  });

  test("encode and decode to the last bit, with new options", async () => {
    const matrix = await filled();
    const again = await CovarianceMatrix.decode(await matrix.encode(), { ddof: 1 });
    expect(await again.state()).toEqual(await matrix.state());
    expect((await again.fix()).at(0, 0)).toBeCloseTo(4, 14);
    again.update([[0, 0]]);
    expect([again.count, matrix.count]).toEqual([4, 3]);
  });

  test("refuse bytes that are no state", async () => {
    const bytes = await (await filled()).encode();
    bytes[bytes.length - 9]! ^= 1;
    await expect(CovarianceMatrix.decode(bytes)).rejects.toThrow(StateFormatError);
  });
});

describe("devices", () => {
  test("are named", async () => {
    expect((await CovarianceMatrix.open()).device).toBe("wasm");
    const reference = await filled({ device: "reference" });
    expect(reference.device).toBe("reference");
    expect((await reference.fix()).at(1, 1)).toBeCloseTo((await covariance(X)).at(1, 1)!, 14);
  });

  test("of one's own are used and not disposed", async () => {
    const { referenceBackend } = await import("@delve/kernel/reference");
    const backend = referenceBackend();
    const matrix = await filled({ backend });
    matrix.dispose();
    expect(backend.createMoments(1).features).toBe(1);
  });
});

describe("dispose", () => {
  test("ends all use, and may be repeated", async () => {
    const matrix = await filled({ saveData: true });
    matrix.dispose();
    matrix[Symbol.dispose]();
    expect(() => matrix.update(X)).toThrow(DisposedError);
    expect(() => matrix.reset()).toThrow(DisposedError);
    await expect(matrix.fix()).rejects.toThrow(
      "CovarianceMatrix.fix: needs a matrix that is in use, got a disposed one",
    );
    const other = await filled();
    await expect(other.merge(matrix)).rejects.toThrow(DisposedError);
    await expect(matrix.merge(other)).rejects.toThrow(DisposedError);
    expect(other.count).toBe(3);
  });

  test("in the middle of a merge does not bring it back to life", async () => {
    const [a, b] = [await CovarianceMatrix.open(), await filled()];
    const merging = a.merge(b);
    a.dispose();
    await expect(merging).rejects.toThrow(DisposedError);
    expect(a.count).toBe(0);
  });
});

test("options that there are not are refused", async () => {
  // @ts-expect-error: Delve's name for it
  await expect(CovarianceMatrix.open({ bias: true })).rejects.toThrow(
    'CovarianceMatrix.open: options must be among device, backend, ddof, saveData, got "bias"',
  );
  await expect(CovarianceMatrix.open({ ddof: Number.NaN })).rejects.toThrow(
    "CovarianceMatrix.open: ddof must be a number of 0 or more, got NaN",
  );
});

test("memory does not grow over many matrices, batches and results", async () => {
  const backend = await loadKernel();
  const delve = new Delve(backend);
  const x = { data: new Float32Array(64 * 48).map((_, i) => Math.sin(i)), shape: [64, 48] };
  const round = async () => {
    const matrix = await CovarianceMatrix.open({ backend });
    matrix.update(x);
    await matrix.saturation();
    matrix.dispose();
    delve.eigh(delve.covariance(x));
    expect(() => delve.covariance([[Number.NaN]])).toThrow(NonFiniteError);
  };
  await round();
  const before = backend.memorySize;
  for (let i = 0; i < 200; i++) await round();
  expect(backend.memorySize).toBe(before);
});
