import {
  type DenseSamples,
  denseSamples,
  propertyRuns,
  sampleMatrix,
  seededRandom,
  twoPassCovariance,
} from "@delve/conformance";
import { covariance, loadKernel, type SyncBackend } from "@delve/kernel";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openWebGPU, type WebGPUBackend } from "../src/index.js";
import { normalisedError } from "./normalised-error.js";
import { HARD, hardSamples } from "./samples.js";
import { describeWithGpu, openGpu } from "./software-gpu.js";

/** What the bound never exceeds, whatever the samples are. */
const PROMISE = 6e-12;

describeWithGpu("covariance on a GPU in software", () => {
  let gpu: WebGPUBackend;
  let kernel: SyncBackend;
  beforeAll(async () => {
    kernel = await loadKernel();
    gpu = await openWebGPU({ gpu: openGpu(), software: true, kernel });
  });
  afterAll(() => {
    gpu.dispose();
    kernel.dispose();
  });

  /** Error of a covariance, which must not exceed the bound that comes with the state. */
  async function errorOf(samples: DenseSamples, single: boolean): Promise<number> {
    using moments = gpu.createMoments(samples.features);
    moments.update(sampleMatrix(samples, single));
    const error = normalisedError(covariance(await moments.state()), twoPassCovariance(samples));
    expect(error).toBeLessThanOrEqual(moments.errorBound);
    expect(moments.errorBound).toBeLessThanOrEqual(PROMISE);
    return error;
  }

  test.each(Object.keys(HARD))("float32 and float64: %s", async (name) => {
    const samples = hardSamples(name, 300, 9, seededRandom(41));
    const error = Math.max(await errorOf(samples, true), await errorOf(samples, false));
    expect(error).toBeLessThanOrEqual(1e-12);
  });

  test("any number of rows and features, of any distribution", () =>
    fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...Object.keys(HARD)),
        fc.integer({ min: 1, max: 140 }),
        fc.integer({ min: 1, max: 40 }),
        fc.nat(),
        fc.boolean(),
        async (name, rows, features, seed, single) => {
          await errorOf(hardSamples(name, rows, features, seededRandom(seed)), single);
        },
      ),
      { numRuns: propertyRuns(25) },
    ));

  test("samples of any bits", () =>
    fc.assert(
      fc.asyncProperty(adversarial(), fc.boolean(), async (samples, single) => {
        await errorOf(single ? rounded(samples) : samples, single);
      }),
      { numRuns: propertyRuns(60) },
    ));

  test.each([true, false])("an outlier among as many rows as a pass has, float32: %s", async (single) => {
    const random = seededRandom(59);
    // What is left of the other rows has the lowest bits of the grid only, and what rounds and is left out adds up.
    const samples = denseSamples(
      16_384,
      3,
      (r, f) => (r === 99 ? 1 : (f - 1) * 2 ** -30 * random.uniform()),
      single,
    );
    const error = await errorOf(samples, single);
    expect(error).toBeLessThanOrEqual(1e-12);
  });

  test("agrees with the Wasm kernel over several passes", async () => {
    const random = seededRandom(43);
    const samples = denseSamples(40_000, 2, (r, f) => f + r / 1e4 + random.normal(), true);
    using moments = gpu.createMoments(2);
    using reference = kernel.createMoments(2);
    for (const each of [moments, reference]) each.update(sampleMatrix(samples, true));
    const [actual, truth] = [covariance(await moments.state()).upper, covariance(reference.state()).upper];
    for (const [p, value] of truth.entries()) {
      expect(Math.abs(actual[p]! - value)).toBeLessThanOrEqual(moments.errorBound * truth[0]!);
    }
  });
});

/** Columns of any bits, of values next to each other, and of outliers, that squares in float64 can hold. */
function adversarial(): fc.Arbitrary<DenseSamples> {
  const single = fc.float({ noNaN: true, noDefaultInfinity: true });
  const anything = fc.oneof(single, fc.double({ noNaN: true, min: -1e100, max: 1e100 }).map(asSquarable));
  const column = fc.oneof(
    fc.infiniteStream(anything).map((stream) => () => stream.next().value),
    // A few neighbours of a number in float32.
    fc.tuple(single, fc.infiniteStream(fc.integer({ min: -2, max: 2 }))).map(([centre, steps]) => () => {
      const bits = new Int32Array(Float32Array.of(centre).buffer);
      bits[0]! += steps.next().value;
      const value = new Float32Array(bits.buffer)[0]!;
      return Number.isFinite(value) ? value : centre;
    }),
    // Two values, of which one is rare.
    fc.tuple(anything, anything, fc.integer({ min: 0, max: 9 })).map(([common, rare, at]) => {
      let r = 0;
      return () => (r++ % 50 === at ? rare : common);
    }),
    // From the largest to the smallest that a grid can hold, and below.
    fc.tuple(anything, fc.integer({ min: 1, max: 9 })).map(([first, bits]) => {
      let r = 0;
      return () => asSquarable((r++ % 2 === 0 ? first : -first) * 2 ** (-bits * (r % 16)));
    }),
  );
  return fc
    .tuple(fc.integer({ min: 1, max: 90 }), fc.array(column, { minLength: 1, maxLength: 6 }))
    .map(([rows, columns]) => denseSamples(rows, columns.length, (_, f) => columns[f]!()));
}

/** Neither overflow nor underflow of a product is what is tested. */
function asSquarable(value: number): number {
  return Math.abs(value) < 1e-60 ? 0 : value;
}

function rounded({ rows, features, data }: DenseSamples): DenseSamples {
  return denseSamples(rows, features, (r, f) => clamped(Math.fround(data[r * features + f]!)), true);
}

function clamped(value: number): number {
  return Math.max(-3e38, Math.min(value, 3e38));
}
