import { describe, expect, test } from "vitest";
import { distance, labOf, type Vision } from "../../test/support/color-vision.js";
import { contrast, parseHex } from "./color.js";
import { rampOf } from "./ramp.js";
import { strokeOf, THEMES } from "./theme.js";

const EYES: readonly Vision[] = ["trichromat", "protanope", "deuteranope", "tritanope"];
const ratio = (a: string, b: string): number => contrast(parseHex(a)!, parseHex(b)!);

/** The distance of the two most similar of some colours. */
function closest(colors: readonly string[], vision: Vision): number {
  const distances = colors.flatMap((a, i) => colors.slice(i + 1).map((b) => distance(a, b, vision)));
  return Math.min(...distances);
}

describe.each(Object.entries(THEMES))("%s", (_, theme) => {
  test("text has the contrast that WCAG asks for", () => {
    for (const color of [theme.ink, theme.muted]) {
      expect(ratio(color, theme.background)).toBeGreaterThanOrEqual(4.5);
    }
  });

  test("lines stand off the page", () => {
    for (const color of theme.palette) expect(ratio(color, theme.background)).toBeGreaterThanOrEqual(2);
    for (const color of theme.palette.slice(0, 2)) {
      expect(ratio(color, theme.background)).toBeGreaterThanOrEqual(3);
    }
  });

  test.each(EYES)("a %s tells the colours of the series apart", (vision) => {
    expect(closest(theme.palette, vision)).toBeGreaterThan(8);
    // Train and eval most of all.
    expect(closest(theme.palette.slice(0, 2), vision)).toBeGreaterThan(40);
  });

  test("series that look alike in grey print have other markers or dashes", () => {
    const looks = theme.palette.map((_, i) => strokeOf(theme, i));
    for (const [i, a] of looks.entries()) {
      for (const b of looks.slice(i + 1)) {
        const isDifferent = a.marker !== b.marker || a.dash !== b.dash;
        expect(isDifferent || distance(a.color, b.color, "grey") > 8).toBe(true);
      }
    }
  });

  test.each([...EYES, "grey"] as const)("to a %s the ramp of heat maps runs one way, evenly", (vision) => {
    const { colors } = rampOf(theme);
    const lightness = colors.map((color) => labOf(color, vision)[0]);
    const steps = lightness.slice(1).map((value, i) => value - lightness[i]!);
    const isRising = steps[0]! > 0;
    expect(steps.every((step) => step > 0 === isRising)).toBe(true);
    // Ten equal steps, each to be seen and none much larger than the others.
    const tenths = Array.from({ length: 11 }, (_, i) => rampOf(theme).at(i / 10));
    const distances = tenths.slice(1).map((color, i) => distance(color, tenths[i]!, vision));
    expect(Math.min(...distances)).toBeGreaterThan(5);
    expect(Math.max(...distances) / Math.min(...distances)).toBeLessThan(4.5);
  });

  test("a ramp's greatest value is farthest from the page", () => {
    const { colors } = rampOf(theme);
    expect(ratio(colors.at(-1)!, theme.background)).toBeGreaterThan(10);
    expect(ratio(colors[0]!, theme.background)).toBeLessThan(1.5);
  });
});
