import { denseSamples, sampleMatrix, seededRandom } from "@delve/conformance";
import { covariance, loadKernel, type SyncBackend } from "@delve/kernel";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openWebGPU, type WebGPUBackend } from "../src/index.js";
import { type ModePromise, testPromise } from "./mode-promise.js";
import { describeWithGpu, openGpu } from "./software-gpu.js";

const PROMISE: ModePromise = { promise: 6e-12, usual: 1e-12 };

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

  const errorOf = testPromise(() => gpu, PROMISE);

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
