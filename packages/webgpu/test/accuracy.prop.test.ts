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
import { adversarialSamples, roundedSamples } from "./adversarial.js";
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
      fc.asyncProperty(adversarialSamples(), fc.boolean(), async (samples, single) => {
        await errorOf(single ? roundedSamples(samples) : samples, single);
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
