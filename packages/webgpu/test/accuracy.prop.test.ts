import {
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
import { HARD, hardSamples } from "./samples.js";
import { describeWithGpu, openGpu } from "./software-gpu.js";

/** What the backend promises for any samples. */
const PROMISE = 1e-11;

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

  /** Largest |ΔC_ij| / √(C_ii C_jj), which must not exceed the bound that comes with the state. */
  async function normalisedError(samples: ReturnType<typeof denseSamples>, single: boolean): Promise<number> {
    const { features } = samples;
    using moments = gpu.createMoments(features);
    moments.update(sampleMatrix(samples, single));
    const actual = covariance(await moments.state()).upper;
    const truth = twoPassCovariance(samples).upper;
    let worst = 0;
    const at = (i: number, j: number) => i * features - (i * (i - 1)) / 2 + (j - i);
    for (let i = 0; i < features; i++) {
      for (let j = i; j < features; j++) {
        const error = Math.abs(actual[at(i, j)]! - truth[at(i, j)]!);
        const scale = Math.sqrt(truth[at(i, i)]!) * Math.sqrt(truth[at(j, j)]!);
        // Not (error > 0): NaN must not pass.
        if (error !== 0) worst = Math.max(worst, error / scale);
      }
    }
    expect(worst).toBeLessThanOrEqual(moments.errorBound);
    expect(moments.errorBound).toBeLessThanOrEqual(PROMISE);
    return worst;
  }

  test.each(Object.keys(HARD))("float32 and float64: %s", async (name) => {
    const samples = hardSamples(name, 300, 9, seededRandom(41));
    const error = Math.max(await normalisedError(samples, true), await normalisedError(samples, false));
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
          await normalisedError(hardSamples(name, rows, features, seededRandom(seed)), single);
        },
      ),
      { numRuns: propertyRuns(25) },
    ));

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
