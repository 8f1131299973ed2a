import { loadKernel } from "@delve/kernel";
import { describe, expect, it } from "vitest";
import { spectrumOf } from "../spectrum.js";
import { IDIM_RULES, idim, intrinsicDimensionality } from "./intrinsic-dimensionality.js";
import { lsat, saturation } from "./saturation.js";
import type { StatisticContext } from "./statistic.js";

const FEATURES = 150;

/** Samples whose variance falls like a power of the feature's number. */
async function layerState(rows: number, power: number) {
  const backend = await loadKernel();
  const moments = backend.createMoments(FEATURES);
  let seed = rows;
  const data = Float64Array.from({ length: rows * FEATURES }, (_, i) => {
    seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
    return (seed / 2 ** 32 - 0.5) * (1 + (i % FEATURES)) ** (-power / 2);
  });
  moments.update({ data, rows, features: FEATURES, rowStride: FEATURES, featureStride: 1 });
  return { backend, state: moments.state() };
}

describe("from the leading eigenvalues", () => {
  it.each([
    [1000, 0],
    [1000, 1.5],
    [1000, 4],
    [20, 0.5],
  ])("of %i samples, variance falling with power %f: as from all of them", async (rows, power) => {
    const { backend, state } = await layerState(rows, power);
    const all = spectrumOf(state, backend).values;
    for (const threshold of [0.5, 0.9, 0.99, 0.999]) {
      const spectrum = spectrumOf(state, backend, { top: threshold });
      if (threshold === 0.99) expect(spectrum.top.complete).toBe(power !== 4 && rows !== 20);
      for (const idimRule of IDIM_RULES) {
        const context = { spectrum, threshold, idimRule } as StatisticContext;
        expect(idim.compute(context)).toBe(intrinsicDimensionality(all, threshold, idimRule));
        expect(lsat.compute(context)).toBe(saturation(all, threshold, idimRule));
      }
    }
  });
});
