import { element } from "./svg.js";

/** A rectangle in pixels. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Distance of two lines. */
const HATCH_DISTANCE = 6;

/** Slanted lines that fill a box: what is missing. */
export function hatched({ x, y, width, height }: Box, stroke: string): string {
  const lines: string[] = [];
  for (let at = HATCH_DISTANCE / 2; at < width + height; at += HATCH_DISTANCE) {
    const [from, to] = [Math.min(at, height), Math.min(at, width)];
    lines.push(
      `M${decimals(x + at - from)} ${decimals(y + from)}L${decimals(x + to)} ${decimals(y + at - to)}`,
    );
  }
  return element("path", { d: lines.join(""), fill: "none", stroke, "stroke-width": 0.9 });
}

const decimals = (value: number): string => value.toFixed(1).replace(/\.0$/, "");
