import { expect, test } from "vitest";
import { crc32 } from "./crc32.js";

const bytesOf = (text: string) => new TextEncoder().encode(text);

test.each([
  ["", 0],
  ["a", 0xe8b7be43],
  // The check value that catalogues of CRCs give.
  ["123456789", 0xcbf43926],
  ["The quick brown fox jumps over the lazy dog", 0x414fa339],
])("crc32 of %j", (text, expected) => {
  expect(crc32(bytesOf(text))).toBe(expected);
});

test("crc32 of a view reads the view alone", () => {
  expect(crc32(bytesOf("xx123456789yy").subarray(2, 11))).toBe(0xcbf43926);
});
