import { describe, expect, test } from "vitest";
import { coherent, DEFAULTS, queryOf, runKeyOf, settingsOf, THRESHOLDS } from "./settings.js";

describe("settingsOf", () => {
  test("an empty address means the defaults", () => {
    expect(settingsOf("")).toEqual(DEFAULTS);
  });

  test.each([
    ["a problem that there is not", "problem=mnist"],
    ["a width that is no stop of its slider", "width=17"],
    ["a number that is none", "depth=many"],
    ["a number in other clothes", "depth=0x4"],
    ["a threshold above 1", "threshold=1.5"],
    ["a seed of 0", "seed=0"],
    ["a negative layer", "layer=-1"],
    ["a name of an object's own", "__proto__=1&constructor=2"],
    ["no value", "problem="],
  ])("passes over %s", (_, query) => {
    expect(settingsOf(query)).toEqual(DEFAULTS);
  });

  test("takes what is fine beside what is not", () => {
    expect(settingsOf("problem=xor&width=17&depth=2&threshold=0.9&seed=12")).toEqual(
      coherent({ ...DEFAULTS, problem: "xor", depth: 2, threshold: 0.9, seed: 12 }),
    );
  });
});

describe("coherent", () => {
  test("points of a plane get no convolutions", () => {
    expect(settingsOf("problem=circles&network=conv").network).toBe("dense");
    expect(settingsOf("problem=digits&network=conv").network).toBe("conv");
  });

  test("a convolution has no more than 32 filters", () => {
    expect(settingsOf("problem=digits&network=conv&width=64").width).toBe(32);
  });

  test("the layer is one that there is", () => {
    expect(settingsOf("depth=2&layer=8").layer).toBe(2);
  });
});

test("queryOf names only what is not as by default", () => {
  expect(queryOf(DEFAULTS)).toBe("");
  expect(queryOf({ ...DEFAULTS, problem: "xor", depth: 2 })).toBe("problem=xor&depth=2");
});

test("thresholds ascend within (0, 1], and hold Delve's default", () => {
  expect(THRESHOLDS).toEqual([...THRESHOLDS].sort((a, b) => a - b));
  expect(new Set(THRESHOLDS).size).toBe(THRESHOLDS.length);
  expect(THRESHOLDS[0]).toBe(0.5);
  expect(THRESHOLDS).toContain(0.99);
  expect(THRESHOLDS.at(-1)).toBeLessThan(1);
});

describe("runKeyOf", () => {
  test.each(["threshold", "layer", "axes", "rate"] as const)("does not depend on the %s", (key) => {
    expect(runKeyOf({ ...DEFAULTS, [key]: 1 })).toBe(runKeyOf(DEFAULTS));
  });

  test("depends on the size of digits only where there are digits", () => {
    expect(runKeyOf({ ...DEFAULTS, resolution: 16 })).toBe(runKeyOf(DEFAULTS));
    const digits = { ...DEFAULTS, problem: "digits" } as const;
    expect(runKeyOf({ ...digits, resolution: 16 })).not.toBe(runKeyOf(digits));
  });
});
