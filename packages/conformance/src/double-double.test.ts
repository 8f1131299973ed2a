import { test as property } from "@fast-check/vitest";
import fc from "fast-check";
import { expect, test } from "vitest";
import { add, type DoubleDouble, divide, multiply, negate, twoProduct, twoSum } from "./double-double.js";

/** An integer of up to 53 bits; sums and products of those can be checked with BigInt. */
const integer = fc.maxSafeInteger();

const exact = ([high, low]: DoubleDouble): bigint => BigInt(high) + BigInt(low);

property.prop([integer, integer])("twoSum and twoProduct are exact", (a, b) => {
  expect(exact(twoSum(a, b))).toBe(BigInt(a) + BigInt(b));
  expect(exact(twoProduct(a, b))).toBe(BigInt(a) * BigInt(b));
});

property.prop([integer, integer, integer])("add is exact where 106 bits suffice", (a, b, c) => {
  const sum = add(twoProduct(a, b), [c, 0]);
  expect(exact(sum)).toBe(BigInt(a) * BigInt(b) + BigInt(c));
  expect(exact(add(sum, negate(sum)))).toBe(0n);
});

property.prop([integer, integer, integer])("multiply is good to 100 bits", (a, b, c) => {
  const product = exact(multiply(twoProduct(a, b), [c, 0]));
  const truth = BigInt(a) * BigInt(b) * BigInt(c);
  expectClose(product, truth);
});

property.prop([integer, integer, fc.integer({ min: 1 })])("divide is good to 100 bits", (a, b, c) => {
  const [high, low] = divide(twoProduct(a, b), [c, 0]);
  // Back as an integer: scaled so that nothing is lost.
  const scale = 2 ** 60;
  const quotient = exact([Math.round(high * scale), Math.round(low * scale)]);
  const truth = (BigInt(a) * BigInt(b) * BigInt(scale)) / BigInt(c);
  const error = quotient - truth;
  const room = (truth < 0n ? -truth : truth) / 2n ** 100n + 2n;
  expect(error <= room && error >= -room).toBe(true);
});

test("a sum that float64 loses", () => {
  const sum = add(add([1e16, 0], [1, 0]), [-1e16, 0]);
  expect(sum).toEqual([1, 0]);
});

function expectClose(actual: bigint, truth: bigint): void {
  const error = actual > truth ? actual - truth : truth - actual;
  const size = truth < 0n ? -truth : truth;
  expect(error * 2n ** 100n <= size).toBe(true);
}
