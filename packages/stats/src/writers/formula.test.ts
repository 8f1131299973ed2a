import { fc } from "@fast-check/vitest";
import { expect, test } from "vitest";
import { inertName, plainName } from "./formula.js";

test.each([
  ["=cmd()", "'=cmd()"],
  ["-loss", "'-loss"],
  ["+1", "'+1"],
  ["@sum", "'@sum"],
  ["\tx", "'\tx"],
  ["\r=x", "'\r'=x"],
  ["  =x", "'  =x"],
  ["＝x", "'＝x"],
  ["a,=b|@c;-d", "a,'=b|'@c;'-d"],
  ["'=quoted", "''=quoted"],
  ["'quoted'", "'quoted'"],
  ["it's = 1 - 2", "it's = 1 - 2"],
  ["train-saturation_fc", "train-saturation_fc"],
  ["", ""],
])("%j becomes %j", (name, cell) => {
  expect(inertName(name)).toBe(cell);
  expect(plainName(cell)).toBe(name);
});

test("every name comes back, and no part of a cell begins a formula", () => {
  const sign = fc.oneof(
    fc.constantFrom(..."'=+-@,;|\"\t\n\r x"),
    fc.string({ unit: "binary", maxLength: 1 }),
  );
  fc.assert(
    fc.property(fc.string({ unit: sign }), (name) => {
      const cell = inertName(name);
      expect(plainName(cell)).toBe(name);
      for (const part of cell.split(/[,;|"\t\n\r]/)) expect(part).not.toMatch(/^ *[=+\-@]/);
      expect(cell).not.toMatch(/^[\t\r\n]/);
    }),
    { numRuns: 2000 },
  );
});
