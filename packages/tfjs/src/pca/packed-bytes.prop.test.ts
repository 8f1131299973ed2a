import { fc, test } from "@fast-check/vitest";
import { expect } from "vitest";
import { packBytes, packedLength, unpackBytes } from "./packed-bytes.js";

test.prop([fc.uint8Array({ maxLength: 200 })])("bytes come back, by way of numbers below 2^24", (bytes) => {
  const numbers = packBytes(bytes);
  expect(numbers).toHaveLength(packedLength(bytes.length));
  expect(numbers.every((number) => Number.isInteger(number) && number < 2 ** 24)).toBe(true);
  expect(unpackBytes(numbers, bytes.length)).toEqual(bytes);
});

test.prop([fc.array(fc.float64Array({ minLength: 1, maxLength: 3 }))])(
  "float64 of every kind come back, the payload of a NaN too",
  (arrays) => {
    for (const values of arrays) {
      const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
      expect(unpackBytes(packBytes(bytes), bytes.length)).toEqual(bytes);
    }
  },
);

test("numbers that are none of its own are refused", () => {
  expect(() => unpackBytes([1, 0.5], 6)).toThrow(
    "unpackBytes: numbers must be whole and below 2^24, got 0.5 at 1",
  );
  expect(() => unpackBytes([2 ** 24], 3)).toThrow("got 16777216 at 0");
  expect(() => unpackBytes([Number.NaN], 3)).toThrow("got NaN at 0");
});
