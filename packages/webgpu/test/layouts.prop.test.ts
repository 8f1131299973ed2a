import {
  type DenseSamples,
  LAYOUTS,
  propertyRuns,
  sampleMatrix,
  seededRandom,
  sliceRows,
} from "@delve/conformance";
import { covariance, loadKernel, type Moments, type SampleMatrix, type SyncBackend } from "@delve/kernel";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { openWebGPU, type WebGPUBackend } from "../src/index.js";
import { normalisedError } from "./normalised-error.js";
import { HARD, hardSamples } from "./samples.js";
import { describeWithGpu, openGpu } from "./software-gpu.js";

// A GPU in software shares the processors with whatever else the machine does.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

/** What the GPU promises, beside a kernel whose own error is far smaller. */
const PROMISE = 1e-11;

describeWithGpu("batches of any size, layout and precision on a GPU in software", () => {
  let gpu: WebGPUBackend;
  let kernel: SyncBackend;
  beforeAll(async () => {
    kernel = await loadKernel();
    gpu = await openWebGPU({ gpu: openGpu(), software: true, kernel, products: "f32" });
  });
  afterAll(() => {
    gpu.dispose();
    kernel.dispose();
  });

  async function stateOf(moments: Moments, batches: readonly SampleMatrix[]) {
    using used = moments;
    for (const batch of batches) used.update(batch);
    return await used.state();
  }

  /** Samples in one or two batches, each in a layout of its own. */
  const cases = fc.record({
    name: fc.constantFrom(...Object.keys(HARD)),
    rows: fc.oneof(fc.integer({ min: 2, max: 90 }), fc.constantFrom(255, 256, 257, 700)),
    features: fc.oneof(fc.integer({ min: 1, max: 40 }), fc.constantFrom(63, 64, 65, 97)),
    cut: fc.double({ min: 0, max: 1, noNaN: true }),
    layouts: fc.tuple(fc.constantFrom(...LAYOUTS), fc.constantFrom(...LAYOUTS)),
    single: fc.boolean(),
    seed: fc.nat(),
  });

  test("agree with the Wasm kernel, and have the bits of the same samples in rows", () =>
    fc.assert(
      fc.asyncProperty(cases, async ({ name, rows, features, cut, layouts, single, seed }) => {
        const samples = hardSamples(name, rows, features, seededRandom(seed));
        const middle = Math.floor(cut * rows);
        const parts = [sliceRows(samples, 0, middle), sliceRows(samples, middle, rows)];
        const filled = parts.filter((part: DenseSamples) => part.rows > 0);
        const batches = filled.map((part, k) => layouts[k]!.of(part, single));
        const state = await stateOf(gpu.createMoments(features), batches);
        const inRows = await stateOf(gpu.createMoments(features), [sampleMatrix(samples, single)]);
        expect(state).toEqual(inRows);
        const wasm = await stateOf(kernel.createMoments(features), batches);
        expect(normalisedError(covariance(state), covariance(wasm))).toBeLessThanOrEqual(PROMISE);
      }),
      { numRuns: propertyRuns(40) },
    ));
});
