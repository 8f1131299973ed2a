import { expect, test } from "vitest";
import { addCompensated } from "./compensated.js";

test("the second part keeps what the first has no room for", () => {
  const sum = Float64Array.of(1e16, 1);
  const low = new Float64Array(2);
  addCompensated(sum, low, Float64Array.of(1, 1e16));
  addCompensated(sum, low, Float64Array.of(1, 1e-16));
  expect([sum[0]! - 1e16, low[0]]).toEqual([0, 2]);
  addCompensated(sum, low, Float64Array.of(1e16, 1e16), -1);
  expect(sum[0]! + low[0]!).toBe(2);
  expect(sum[1]! + low[1]!).toBe(1 + 1e-16);
});
