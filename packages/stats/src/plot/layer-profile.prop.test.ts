import { propertyRuns } from "@delve/conformance";
import { fc, test } from "@fast-check/vitest";
import { expect } from "vitest";
import { clippedTexts } from "../../test/support/svg-texts.js";
import { layerProfile } from "./layer-profile.js";
import type { LayerProfile } from "./profile-spec.js";

const text = fc.oneof(
  fc.string({ unit: "binary", maxLength: 40 }),
  fc.string({ unit: "grapheme", maxLength: 150 }),
);
const value = fc.oneof(fc.double(), fc.double({ min: 0, max: 1 }), fc.constant(null));

const profile = fc.integer({ min: 1, max: 40 }).chain((count): fc.Arbitrary<LayerProfile> => {
  const one = <T>(arbitrary: fc.Arbitrary<T>) => fc.array(arbitrary, { minLength: count, maxLength: count });
  return fc.record({
    title: text,
    subtitle: text,
    valueLabel: text,
    valueScale: fc.constantFrom("share", "count", "linear", "log", "auto"),
    layers: one(text),
    series: fc.array(
      fc.record({ name: text, values: one(value), undersampled: one(fc.boolean()), samples: one(fc.nat()) }),
      { minLength: 1, maxLength: 3 },
    ),
    figsize: fc.tuple(
      fc.double({ min: 0.5, max: 20, noNaN: true }),
      fc.double({ min: 0.5, max: 20, noNaN: true }),
    ),
    fontsize: fc.double({ min: 4, max: 30, noNaN: true }),
  });
});

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

test.prop([profile], { numRuns: propertyRuns(60) })(
  "any profile is drawn whole, with numbers only, in balanced markup",
  (any) => {
    const svg = layerProfile(any);
    expect(clippedTexts(svg)).toEqual([]);
    const attributes = svg.replace(/aria-label="[^"]*"/, "").replace(/>[^<]*</g, "><");
    expect(attributes).not.toMatch(/NaN|Infinity|undefined|null|e[+-]\d/);
    expect(isBalanced(svg)).toBe(true);
    // Angle brackets and ampersands appear only as markup.
    expect(svg).not.toMatch(/&(?!amp;|lt;|gt;|quot;|#39;)/);
  },
);
