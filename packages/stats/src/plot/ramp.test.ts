import { interpolateViridis } from "d3-scale-chromatic";
import { describe, expect, test } from "vitest";
import { distance } from "../../test/support/color-vision.js";
import { contrast, luminance, parseHex, toHex } from "./color.js";
import { inkOn, rampOf } from "./ramp.js";
import { THEMES } from "./theme.js";

describe("the ramp", () => {
  test("of the dark theme is viridis, within what an eye can see", () => {
    const { colors } = rampOf(THEMES.dark);
    for (const [i, color] of colors.entries()) {
      // 2.3 is just noticeable.
      expect(distance(color, interpolateViridis(i / (colors.length - 1)), "trichromat")).toBeLessThan(2.3);
    }
  });

  test("of the light theme is the same the other way round", () => {
    expect(rampOf(THEMES.light).colors).toEqual([...rampOf(THEMES.dark).colors].reverse());
  });

  test("ends where its values do", () => {
    const ramp = rampOf({ ...THEMES.light, ramp: ["#000", "#ffffff"] });
    expect([-1, 0, 1, 2].map(ramp.at)).toEqual(["#000000", "#000000", "#ffffff", "#ffffff"]);
    expect(parseHex(ramp.at(0.5))![0]).toBeCloseTo(127, -1);
    expect(rampOf({ ...THEMES.light, ramp: ["#0072b2"] }).at(0.3)).toBe("#0072b2");
  });

  test("is written on in ink that can be read", () => {
    for (const color of rampOf(THEMES.light).colors) {
      expect(contrast(parseHex(color)!, parseHex(inkOn(color))!)).toBeGreaterThan(4);
    }
  });
});

describe("colours", () => {
  test("are read in both lengths, and written in one", () => {
    expect(parseHex("#0072B2")).toEqual([0, 114, 178]);
    expect(parseHex("#07b")).toEqual([0, 119, 187]);
    for (const other of ["red", "#12345", "0072b2", "rgb(0, 0, 0)"]) expect(parseHex(other)).toBeNull();
    expect(toHex([0, 114.4, 178])).toBe("#0072b2");
  });

  test("have the luminance and contrast of WCAG", () => {
    expect(luminance([255, 255, 255])).toBeCloseTo(1, 12);
    expect(contrast([0, 0, 0], [255, 255, 255])).toBeCloseTo(21, 12);
    // The least contrast that passes for text on white.
    expect(contrast([255, 255, 255], parseHex("#767676")!)).toBeCloseTo(4.54, 2);
  });
});
