import { describe, expect, test } from "vitest";
import { type ValueScale, valueAxis } from "./value-axis.js";

const labels = (values: (number | null)[], scale: ValueScale) =>
  valueAxis(values, scale).ticks.map(({ label }) => label);

describe("ticks", () => {
  test.each<[ValueScale, (number | null)[], string[]]>([
    ["share", [0.5, 0.6], ["0", "0.2", "0.4", "0.6", "0.8", "1.0"]],
    ["share", [], ["0", "0.2", "0.4", "0.6", "0.8", "1.0"]],
    ["count", [3, 4, 3], ["0", "1", "2", "3", "4"]],
    ["count", [0], ["0", "1"]],
    ["count", [240, 3], ["0", "50", "100", "150", "200", "250"]],
    ["linear", [7, 9], ["0", "2", "4", "6", "8", "10"]],
    ["linear", [-3, 2], ["−3", "−2", "−1", "0", "1", "2"]],
    ["linear", [null, Number.NaN], ["0", "0.2", "0.4", "0.6", "0.8", "1.0"]],
    ["auto", [1, 900], ["0", "200", "400", "600", "800", "1,000"]],
    ["auto", [1, 5000], ["1", "10", "10²", "10³", "10⁴"]],
    ["auto", [0, 5000], ["0", "1,000", "2,000", "3,000", "4,000", "5,000"]],
    ["log", [1e-30, 1e30], ["10⁻³⁰", "10⁻²⁰", "10⁻¹⁰", "1", "10¹⁰", "10²⁰", "10³⁰"]],
    ["log", [10], ["1", "10", "10²"]],
    ["log", [-1, 0], ["1", "10"]],
  ])("%s of %j", (scale, values, expected) => {
    expect(labels(values, scale)).toEqual(expected);
  });
});

describe("places", () => {
  test("lie along the axis", () => {
    const share = valueAxis([0.3], "share");
    expect([0, 0.25, 1].map(share.place)).toEqual([0, 0.25, 1]);
    expect(valueAxis([1, 1e4], "log").place(100)).toBeCloseTo(0.5, 12);
  });

  test("grow the axis rather than leave it", () => {
    expect(valueAxis([1.5], "share").place(1.5)).toBeLessThanOrEqual(1);
    expect(valueAxis([-2, 5], "count").place(-2)).toBeGreaterThanOrEqual(0);
  });

  test("are missing for what cannot be shown", () => {
    const linear = valueAxis([1, 2], "linear");
    for (const value of [null, Number.NaN, Infinity, -Infinity, 1e305])
      expect(linear.place(value)).toBeNull();
    expect(valueAxis([1, 1e4], "log").place(0)).toBeNull();
  });
});
