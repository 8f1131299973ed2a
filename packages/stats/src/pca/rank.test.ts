import { isFailure, metricsCases } from "@delve/conformance";
import { describe, expect, test } from "vitest";
import { pcaRank } from "./rank.js";

describe("pcaRank", () => {
  test.each([
    ["strictly below", [5, 3, 1, 1], 0.8, 2],
    ["a gap of more than 0.02: one more", [5, 3, 1, 1], 0.83, 3],
    ["a gap of 0.02 or less: none more", [50, 31, 10, 9], 0.82, 2],
    ["at least one", [9, 1], 0.1, 1],
    ["one dominant direction", [1, 0, 0], 0.99, 1],
    ["nothing varies", [0, 0, 0], 0.99, 1],
    ["rounding below zero", [1, 1, -1e-17], 0.99, 2],
    ["a single feature", [3], 0.99, 1],
    ["the sum of huge values overflows", [1e308, 1e308, 1e308], 0.5, 2],
  ] as const)("%s: %j at %d keeps %i", (_, values, threshold, expected) => {
    expect(pcaRank(values, threshold)).toBe(expected);
    expect(pcaRank(values, threshold, "delve")).toBe(expected);
  });

  test("a share that misses the threshold by rounding has reached it, whatever the scale", () => {
    const ranks = Array.from({ length: 200 }, (_, i) => {
      const values = [95, 1, 1, 1, 1, 1].map((value) => value * (0.1 + i / 7));
      return [0.96, 0.97, 0.98, 0.99].map((threshold) => pcaRank(values, threshold)).join();
    });
    expect(new Set(ranks)).toEqual(new Set(["1,2,3,4"]));
  });

  test("a threshold of 1 keeps all that varies, the last hundredth too", () => {
    expect(pcaRank([99, 0.5, 0.5, 0], 1)).toBe(3);
    expect(pcaRank([99, 0.5, 0.5, 0], 0.999)).toBe(2);
    expect(pcaRank([0, 0], 1)).toBe(1);
  });

  test("Delve's threshold is one of float32", () => {
    // 0.99 in float32 lies above 0.99, so that a share of 0.99 is below it: two, and no gap.
    const values = [98, 1, 1];
    expect(pcaRank(values, 0.99, "delve")).toBe(2);
    expect(pcaRank(values, 0.99)).toBe(1);
  });

  test.each([0, -0.5, 1.01, Number.NaN])("a threshold of %d is refused", (threshold) => {
    expect(() => pcaRank([1], threshold)).toThrow(
      new RangeError(`pcaRank: threshold must be in (0, 1], got ${threshold}`),
    );
  });

  test("no eigenvalues, an unknown rule: refused", () => {
    expect(() => pcaRank([], 0.5)).toThrow("pcaRank: needs at least one eigenvalue, got 0");
    expect(() => pcaRank([1], 0.5, "python" as never)).toThrow(
      'pcaRank: rule: must be one of "steady", "delve"',
    );
  });
});

describe("Delve's counts (metrics.json, idim_pca_rule)", () => {
  const cases = metricsCases().flatMap(({ id, eigenvalues, thresholds }) =>
    isFailure(eigenvalues)
      ? []
      : thresholds.flatMap((at) =>
          // Closer than that, the last bit of a sum decides; beyond 1 there is no such share.
          isFailure(at) || at.thresh > 1 || at.thresh <= 0 || (at.margin !== null && at.margin <= 1e-9)
            ? []
            : [{ id, values: eigenvalues.slice().reverse(), ...at }],
        ),
  );

  test("there are many", () => expect(cases.length).toBeGreaterThan(150));

  test.each(cases)("$id at $thresh: $idim_pca_rule", ({ values, thresh, idim_pca_rule }) => {
    expect(pcaRank(values, thresh, "delve")).toBe(idim_pca_rule);
    if (thresh < 1) expect(pcaRank(values, thresh)).toBe(idim_pca_rule);
  });
});
