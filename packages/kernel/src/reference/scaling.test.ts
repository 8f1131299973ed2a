import { expect, test } from "vitest";
import { scaleByPowerOfTwo, unitExponent } from "./scaling.js";

test.each([1, 3, 0.1, 1e300, Number.MAX_VALUE, 1e-300, 1e-310, Number.MIN_VALUE])(
  "%s is brought near 1 and back",
  (x) => {
    const values = Float64Array.of(x, -x, 0);
    const exponent = unitExponent(values);
    scaleByPowerOfTwo(values, exponent);
    expect(values[0]).toBeGreaterThanOrEqual(0.5);
    expect(values[0]).toBeLessThanOrEqual(2);
    scaleByPowerOfTwo(values, -exponent);
    expect(values).toEqual(Float64Array.of(x, -x, 0));
  },
);

test("zeros are left as they are", () => {
  expect(unitExponent(new Float64Array(3))).toBe(0);
  expect(unitExponent(Float64Array.of(-0))).toBe(0);
});
