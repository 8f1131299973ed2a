import type { Area } from "./page.js";
import type { Ramp } from "./ramp.js";
import { element, textElement } from "./svg.js";
import { LINE_HEIGHT, measureText } from "./text.js";
import type { Theme } from "./theme.js";
import type { ValueAxis } from "./value-axis.js";

/** Height of a scale of colours with its numbers. Font sizes. */
export const COLOR_BAR_HEIGHT = 2.5;

/** A scale of colours, its numbers below. */
export function drawColorBar(
  area: Area,
  axis: ValueAxis,
  ramp: Ramp,
  fontSize: number,
  theme: Theme,
): string[] {
  const { left, right, top, bottom } = area;
  const step = (right - left) / ramp.colors.length;
  const stripes = ramp.colors.map((fill, i) =>
    // Each reaches below the next: no seam at any scale.
    element("rect", {
      x: left + i * step,
      y: top,
      width: right - left - i * step,
      height: bottom - top,
      fill,
    }),
  );
  const rim = element("rect", {
    x: left,
    y: top,
    width: right - left,
    height: bottom - top,
    fill: "none",
    stroke: theme.axis,
    "stroke-width": 0.75,
  });
  return [...stripes, rim, ...drawNumbers(area, axis, fontSize, theme)];
}

function drawNumbers(
  { left, right, bottom }: Area,
  axis: ValueAxis,
  fontSize: number,
  theme: Theme,
): string[] {
  return axis.ticks.flatMap(({ value, label }) => {
    const x = left + axis.place(value)! * (right - left);
    const half = measureText(label, fontSize) / 2;
    // The outermost numbers stay above the ends of the bar.
    const middle = Math.min(Math.max(x, left + half), right - half);
    return [
      element("line", { x1: x, x2: x, y1: bottom, y2: bottom + 0.25 * fontSize, stroke: theme.axis }),
      textElement(label, {
        x: middle,
        y: bottom + LINE_HEIGHT * fontSize,
        "text-anchor": "middle",
        "font-size": fontSize,
        fill: theme.muted,
      }),
    ];
  });
}
