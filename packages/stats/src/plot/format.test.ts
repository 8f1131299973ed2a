import { expect, test } from "vitest";
import { grouped, powerOfTen, significant, tickLabel } from "./format.js";

test.each([
  [0, "1"],
  [1, "10"],
  [3, "10³"],
  [-12, "10⁻¹²"],
])("powerOfTen(%d) is %s", (exponent, text) => {
  expect(powerOfTen(exponent)).toBe(text);
});

test.each([
  [0, "0"],
  [999, "999"],
  [60000, "60,000"],
  [1234567, "1,234,567"],
  [-1234, "−1,234"],
])("grouped(%d) is %s", (value, text) => {
  expect(grouped(value)).toBe(text);
});

test.each([
  [0, "0"],
  [2 / 3, "0.667"],
  [12.345, "12.3"],
  [999.9, "1,000"],
  [45_678, "45,700"],
  [1.2e7, "1.2×10⁷"],
  [1e-9, "10⁻⁹"],
  [-0.000012345, "−1.23×10⁻⁵"],
  [0.00123, "0.00123"],
  [5e-324, "4.94×10⁻³²⁴"],
])("significant(%d) is %s", (value, text) => {
  expect(significant(value)).toBe(text);
});

test.each([
  [0, 0.2, "0"],
  [0.6000000000000001, 0.2, "0.6"],
  [1, 0.2, "1.0"],
  [-0.05, 0.05, "−0.05"],
  [20_000, 10_000, "20,000"],
  [2_000_000, 500_000, "2×10⁶"],
  [2_500_000, 500_000, "2.5×10⁶"],
  [3e-9, 1e-9, "3×10⁻⁹"],
])("tick %d at steps of %d is %s", (value, step, text) => {
  expect(tickLabel(value, step)).toBe(text);
});
