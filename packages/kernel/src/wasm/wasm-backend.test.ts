import { backendConformance, goldenConformance, isRequired, seededRandom } from "@delve/conformance";
import { describe, expect, it } from "vitest";
import { NonFiniteError, OutOfMemoryError } from "../errors.js";
import { loadKernel } from "../load.js";
import type { SampleMatrix } from "../sample-matrix.js";
import { supportsSimd } from "./simd-support.js";
import { type WebAssemblyApi, webAssembly } from "./web-assembly.js";

// Where the engine has no relaxed SIMD, its suites skip, unless DELVE_REQUIRE promises it.
const hasRelaxed = supportsSimd(webAssembly() as WebAssemblyApi, "relaxed") || isRequired("relaxed-simd");

for (const simd of ["plain", "relaxed"] as const) {
  describe.skipIf(simd === "relaxed" && !hasRelaxed)(`${simd} SIMD`, () => {
    backendConformance("wasm", () => loadKernel({ simd }));
    goldenConformance("wasm", () => loadKernel({ simd }));
  });
}

const random = seededRandom(5);
const numbers = (length: number) => Float64Array.from({ length }, () => random.uniform());

function rowMajor(data: Float32Array | Float64Array, features: number): SampleMatrix {
  return { data, rows: data.length / features, features, rowStride: features, featureStride: 1 };
}

function identity(order: number) {
  const upper = new Float64Array((order * (order + 1)) / 2);
  for (let i = 0, at = 0; i < order; at += order - i++) upper[at] = 1;
  return { order, upper };
}

describe("the kernel's memory", () => {
  it("is flat over 1000 epochs of reset", async () => {
    const backend = await loadKernel();
    const moments = backend.createMoments(20);
    const batch = rowMajor(numbers(20 * 64), 20);
    const epoch = () => {
      for (let i = 0; i < 6; i++) moments.update(batch);
      backend.eigh({ order: 20, upper: moments.state().scatter });
      moments.reset();
    };
    epoch();
    const size = backend.memorySize;
    for (let i = 0; i < 1000; i++) epoch();
    expect(backend.memorySize).toBe(size);
  });

  it("is flat over 1000 accumulators of many sizes that come and go", async () => {
    const backend = await loadKernel();
    const cycle = (i: number) => {
      const pair = [backend.createMoments(1 + ((i * 37) % 150)), backend.createMoments(1 + ((i * 53) % 90))];
      for (const moments of pair) moments.update(rowMajor(numbers(moments.features), moments.features));
      for (const moments of i % 2 ? pair : pair.reverse()) moments.dispose();
    };
    for (let i = 0; i < 200; i++) cycle(i);
    const size = backend.memorySize;
    for (let i = 0; i < 1000; i++) cycle(i);
    expect(backend.memorySize).toBe(size);
  });

  it("keeps results and accumulators valid when it grows", async () => {
    const backend = await loadKernel();
    const moments = backend.createMoments(3);
    const [before, after] = [numbers(3 * 70), numbers(3 * 30)];
    moments.update(rowMajor(before, 3));
    const state = moments.state();
    const copy = structuredClone(state);
    const size = backend.memorySize;
    backend.createMoments(600);
    expect(backend.memorySize).toBeGreaterThan(size);
    expect(state).toEqual(copy);
    moments.update(rowMajor(after, 3));
    const other = (await loadKernel()).createMoments(3);
    other.update(rowMajor(before, 3));
    other.state();
    other.update(rowMajor(after, 3));
    expect(moments.state()).toEqual(other.state());
  });

  it("refuses what does not fit, and stays usable", async () => {
    const backend = await loadKernel({ maxMemory: 2 ** 21 });
    const moments = backend.createMoments(8);
    moments.update(rowMajor(numbers(80), 8));
    const state = moments.state();
    expect(() => backend.createMoments(2000)).toThrow(OutOfMemoryError);
    expect(() => backend.createMoments(2 ** 33)).toThrow(/^createMoments: the kernel's memory must hold \d+/);
    expect(() => backend.eigh(identity(600))).toThrow(OutOfMemoryError);
    expect(() => backend.eigvalsh(identity(600))).toThrow(/^eigvalsh: /);
    expect(moments.state()).toEqual(state);
    expect(backend.eigvalsh(identity(4))).toEqual(Float64Array.of(1, 1, 1, 1));
    expect(backend.memorySize).toBeLessThanOrEqual(2 ** 21);
  });

  it("takes batches many times its size", async () => {
    const narrow = (await loadKernel({ maxMemory: 2 ** 20 })).createMoments(5);
    const wide = (await loadKernel()).createMoments(5);
    const data = numbers(5 * 100_000);
    const columns: SampleMatrix = { data, rows: 100_000, features: 5, rowStride: 1, featureStride: 100_000 };
    for (const moments of [narrow, wide]) {
      moments.update(rowMajor(data, 5));
      moments.update(columns);
    }
    expect(narrow.state()).toEqual(wide.state());
  });

  // Many rows go in with a way back, many features only once all have been looked at.
  it.each([
    { features: 5, rows: 100_000, maxMemory: 2 ** 20 },
    { features: 300, rows: 500, maxMemory: 2 ** 23 },
  ])("takes nothing of a batch of $features features whose last piece is bad", async (shape) => {
    const { features, rows, maxMemory } = shape;
    const backend = await loadKernel({ maxMemory });
    const [moments, spared] = [backend.createMoments(features), backend.createMoments(features)];
    const data = numbers(features * rows);
    const bad = data.slice();
    bad[features * (rows - 9) + 3] = Number.NaN;
    for (const each of [moments, spared]) each.update(rowMajor(data, features));
    const attempt = () => moments.update(rowMajor(bad, features));
    expect(attempt).toThrow(NonFiniteError);
    expect(attempt).toThrow(`got NaN at row ${rows - 9}, feature 3`);
    expect(moments.state()).toEqual(spared.state());
    for (const each of [moments, spared]) each.update(rowMajor(data, features));
    expect(moments.state()).toEqual(spared.state());
  });
});

describe("samples", () => {
  it("may have anything between them", async () => {
    const moments = (await loadKernel()).createMoments(2);
    const data = Float32Array.of(1, 2, Number.NaN, 3, 6, Number.POSITIVE_INFINITY, 5, 10);
    moments.update({ data, rows: 3, features: 2, rowStride: 3, featureStride: 1 });
    expect(moments.state().scatter).toEqual(Float64Array.of(8, 16, 32));
  });

  it("give the same bits however they are cut into batches, once the first has set the shift", async () => {
    const backend = await loadKernel();
    const [features, rows] = [13, 1000];
    const data = numbers(features * rows);
    const states = [[1], [7], [256], [255, 257], [977]].map((sizes) => {
      const moments = backend.createMoments(features);
      moments.update(rowMajor(data.subarray(0, 3 * features), features));
      for (let row = 3, i = 0; row < rows; i++) {
        const end = Math.min(row + (sizes[i % sizes.length] as number), rows);
        moments.update(rowMajor(data.subarray(row * features, end * features), features));
        row = end;
      }
      return moments.state();
    });
    for (const state of states) expect(state).toEqual(states[0]);
  });

  it("may come from another realm", async () => {
    const { runInNewContext } = await import("node:vm");
    const moments = (await loadKernel()).createMoments(1);
    moments.update(rowMajor(runInNewContext("Float64Array.of(1, 3)"), 1));
    expect(moments.state().scatter).toEqual(Float64Array.of(2));
  });
});

describe("eigenvalues", () => {
  it("scale with a power of two to the last bit", async () => {
    const backend = await loadKernel();
    const upper = numbers(45 * 23);
    const values = backend.eigvalsh({ order: 45, upper });
    for (const power of [2 ** -900, 2 ** -3, 2 ** 900]) {
      const scaled = backend.eigvalsh({ order: 45, upper: upper.map((x) => x * power) });
      expect(scaled).toEqual(values.map((x) => x * power));
    }
  });
});
