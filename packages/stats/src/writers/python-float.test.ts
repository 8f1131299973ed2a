import { fc } from "@fast-check/vitest";
import { expect, test } from "vitest";
import { pythonFloat } from "./python-float.js";

test.each([
  [1, "1.0"],
  [-1, "-1.0"],
  [0, "0.0"],
  [-0, "-0.0"],
  [0.1, "0.1"],
  [0.30000000000000004, "0.30000000000000004"],
  [Math.LN10, "2.302585092994046"],
  [1e-4, "0.0001"],
  [1e-5, "1e-05"],
  [-1.5e-7, "-1.5e-07"],
  [1e15, "1000000000000000.0"],
  [2 ** 53, "9007199254740992.0"],
  [1e16, "1e+16"],
  [1.2345678901234568e17, "1.2345678901234568e+17"],
  [1e22, "1e+22"],
  [1.5e-300, "1.5e-300"],
  [5e-324, "5e-324"],
  [Number.MAX_VALUE, "1.7976931348623157e+308"],
  [123456789, "123456789.0"],
  [16777216, "16777216.0"],
  [1234.5, "1234.5"],
  [Number.NaN, ""],
  [Infinity, "inf"],
  [-Infinity, "-inf"],
])("%d is written %j", (value, text) => {
  expect(pythonFloat(value)).toBe(text);
});

test("every finite number reads back, and shows that it is a float", () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
      const text = pythonFloat(value);
      expect(Number(text)).toBe(value);
      expect(text).toMatch(/[.e]/);
    }),
    { numRuns: 2000 },
  );
});
