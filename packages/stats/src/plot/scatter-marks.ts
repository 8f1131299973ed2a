import { type SymbolType, symbolCross, symbolDiamond, symbolSquare, symbolTriangle } from "d3-shape";
import { element } from "./svg.js";
import type { Stroke } from "./theme.js";

/** Outline of a marker of radius r around the place where it begins: short, because there may be thousands. */
const OUTLINES = new Map<SymbolType, (r: number) => string>([
  [symbolSquare, (r) => polygon(r, [-0.9, -0.9], [1.8, 0], [0, 1.8], [-1.8, 0])],
  [symbolDiamond, (r) => polygon(r, [0, -1.35], [1.05, 1.35], [-1.05, 1.35], [-1.05, -1.35])],
  [symbolTriangle, (r) => polygon(r, [0, -1.2], [1.2, 2.1], [-2.4, 0])],
  [symbolCross, (r) => cross(r)],
]);

type Step = readonly [dx: number, dy: number];

function polygon(r: number, first: Step, ...steps: readonly Step[]): string {
  return `m${step(r, first)}l${steps.map((one) => step(r, one)).join(" ")}z`;
}

function cross(r: number): string {
  const [long, short] = [0.85, 0.5];
  const corner: readonly Step[] = [
    [short, 0],
    [0, long],
    [long, 0],
    [0, short],
    [-long, 0],
    [0, long],
    [-short, 0],
    [0, -long],
    [-long, 0],
    [0, -short],
    [long, 0],
  ];
  return polygon(r, [-short / 2, -short / 2 - long], ...corner);
}

const step = (r: number, [dx, dy]: Step): string => `${brief(r * dx)} ${brief(r * dy)}`;
const brief = (value: number): string => String(Math.round(10 * value) / 10 || 0);

/** Markers of one kind at many places, as one element. */
export function drawPoints(
  places: readonly (readonly [x: number, y: number])[],
  stroke: Stroke,
  radius: number,
  opacity: number,
): string {
  const outline = OUTLINES.get(stroke.marker);
  const starts = places.map(([x, y]) => `M${brief(x)} ${brief(y)}`);
  if (outline !== undefined) {
    const shape = outline(radius);
    const d = starts.map((start) => start + shape).join("");
    return element("path", { d, fill: stroke.color, "fill-opacity": opacity });
  }
  // A line without length and with round ends is the shortest circle there is.
  return element("path", {
    d: starts.map((start) => `${start}h0`).join(""),
    fill: "none",
    stroke: stroke.color,
    "stroke-width": 2 * radius,
    "stroke-linecap": "round",
    "stroke-opacity": opacity,
  });
}
