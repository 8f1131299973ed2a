import { fc, test } from "@fast-check/vitest";
import { expect } from "vitest";
import { measureText, visibleText, wrapText } from "./text.js";

const name = fc.string({ unit: "grapheme", maxLength: 60 });
const size = fc.integer({ min: 6, max: 30 });

test.prop([name, fc.integer({ min: 1, max: 400 }), size])(
  "wrapping loses nothing but spaces",
  (text, width, fontSize) => {
    const lines = wrapText(text, width, fontSize);
    expect(lines.join("").replace(/\s/g, "")).toBe(text.replace(/\s/g, ""));
    for (const line of lines) {
      if ([...line].length > 1) expect(measureText(line, fontSize)).toBeLessThanOrEqual(width);
    }
  },
);

test.prop([name, name, size])("widths add up", (a, b, fontSize) => {
  expect(measureText(a + b, fontSize)).toBeCloseTo(measureText(a, fontSize) + measureText(b, fontSize), 6);
});

test.prop([fc.string({ unit: "binary" })])("what is visible stays as it is", (text) => {
  const visible = visibleText(text);
  expect(visibleText(visible)).toBe(visible);
  expect(visible).toMatch(/^[^\p{Cc}\p{Cs}]*$/u);
});
