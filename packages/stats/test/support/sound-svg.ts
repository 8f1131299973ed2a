import { expect } from "vitest";
import { clippedTexts } from "./svg-texts.js";

/** Markup with its strings taken out; what is left must be tags that open and close. */
function isBalanced(svg: string): boolean {
  const open: string[] = [];
  for (const [, slash, name, empty] of svg.matchAll(/<(\/?)([a-z]+)(?:\s[^<>]*?)?(\/?)>/g)) {
    if (slash === "/") {
      if (open.pop() !== name) return false;
    } else if (empty !== "/") open.push(name!);
  }
  return open.length === 0;
}

/** Expects a figure with all its text inside, numbers only in its attributes, in balanced markup. */
export function expectSound(svg: string): void {
  expect(clippedTexts(svg)).toEqual([]);
  const attributes = svg.replace(/aria-label="[^"]*"/, "").replace(/>[^<]*</g, "><");
  expect(attributes).not.toMatch(/NaN|Infinity|undefined|null|e[+-]\d/);
  expect(isBalanced(svg)).toBe(true);
  // Angle brackets and ampersands appear only as markup.
  expect(svg).not.toMatch(/&(?!amp;|lt;|gt;|quot;|#39;)/);
}
