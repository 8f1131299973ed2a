import { fc, test as propTest } from "@fast-check/vitest";
import { describe, expect, test } from "vitest";
import { canonicalCodes, codeLengths } from "./huffman.js";

/** Share of all code words that are taken: 1 for a complete code. */
const kraft = (lengths: Uint8Array) =>
  lengths.reduce((sum, length) => sum + (length > 0 ? 2 ** -length : 0), 0);

describe("codeLengths", () => {
  test("of known weights", () => {
    expect([...codeLengths(Uint32Array.of(5, 0, 1, 1, 2), 15)]).toEqual([1, 0, 3, 3, 2]);
  });

  const counts = fc
    .array(fc.nat({ max: 40_000 }), { minLength: 2, maxLength: 286 })
    .filter((list) => list.filter((count) => count > 0).length >= 2);
  propTest.prop([counts, fc.integer({ min: 9, max: 15 })])(
    "gives a complete code within its limit",
    (list, limit) => {
      const lengths = codeLengths(Uint32Array.from(list), limit);
      expect(Math.max(...lengths)).toBeLessThanOrEqual(limit);
      expect(kraft(lengths)).toBe(1);
      expect([...lengths].map((length) => length > 0)).toEqual(list.map((count) => count > 0));
    },
  );

  test("stays within its limit for the steepest weights there are", () => {
    const steep = [1, 1];
    while (steep.length < 30) steep.push(steep.at(-1)! + steep.at(-2)!);
    expect(Math.max(...codeLengths(Uint32Array.from(steep), 32))).toBe(29);
    const lengths = codeLengths(Uint32Array.from(steep), 15);
    expect(Math.max(...lengths)).toBeLessThanOrEqual(15);
    expect(kraft(lengths)).toBe(1);
  });
});

test("canonicalCodes gives the example of RFC 1951, §3.2.2, bits turned round", () => {
  const codes = canonicalCodes(Uint8Array.of(3, 3, 3, 3, 3, 2, 4, 4));
  const words = ["010", "011", "100", "101", "110", "00", "1110", "1111"];
  const turned = words.map((word) => Number.parseInt([...word].reverse().join(""), 2));
  expect([...codes]).toEqual(turned);
});
