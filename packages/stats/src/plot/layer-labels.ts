import { textElement } from "./svg.js";
import { LINE_HEIGHT, measureText, widestPiece, wrapText } from "./text.js";

/** How the names below the layers are set. All lengths in pixels. */
export interface LayerLabels {
  /** Degrees that names are turned against reading direction. */
  readonly angle: 0 | 45 | 90;
  readonly fontSize: number;
  /** Lines of each name. */
  readonly names: readonly (readonly string[])[];
  /** Width that each layer gets; at least the one asked for. */
  readonly slot: number;
  /** Height that the names take. */
  readonly depth: number;
  /** How far names reach past the first slot's left edge; they reach nowhere past the last slot's right one. */
  readonly overhang: number;
}

const SIN_45 = Math.SQRT1_2;
/** Longest name that is set at 45°, in font sizes; longer ones take less room upright. */
const LONGEST_SLANTED = 16;
const LARGEST_LINES_FLAT = 2;
const UNLIMITED = 1e9;

/**
 * Sets every name whole: flat where all fit in their slots, else slanted, else upright; slots widen when even upright
 * names would touch.
 */
export function layOutLayerLabels(names: readonly string[], slot: number, fontSize: number): LayerLabels {
  return flat(names, slot, fontSize) ?? slanted(names, slot, fontSize) ?? upright(names, slot, fontSize);
}

function flat(names: readonly string[], slot: number, fontSize: number): LayerLabels | null {
  const room = slot - fontSize;
  if (names.some((name) => widestPiece(name, fontSize) > room)) return null;
  const lines = names.map((name) => wrapText(name, room, fontSize));
  const most = Math.max(...lines.map((parts) => parts.length));
  if (most > LARGEST_LINES_FLAT) return null;
  const depth = most * fontSize * LINE_HEIGHT;
  return { angle: 0, fontSize, names: lines, slot, depth, overhang: 0 };
}

function slanted(names: readonly string[], slot: number, fontSize: number): LayerLabels | null {
  const widths = names.map((name) => measureText(name, fontSize));
  const longest = Math.max(...widths);
  if (longest > LONGEST_SLANTED * fontSize || slot * SIN_45 < fontSize * LINE_HEIGHT) return null;
  const overhang = Math.max(0, ...widths.map((width, i) => (width + fontSize) * SIN_45 - (i + 0.5) * slot));
  const depth = (longest + fontSize) * SIN_45;
  return {
    angle: 45,
    fontSize,
    names: names.map((name) => [name]),
    slot,
    depth,
    overhang,
  };
}

function upright(names: readonly string[], slot: number, fontSize: number): LayerLabels {
  const lineHeight = fontSize * LINE_HEIGHT;
  const wide = Math.max(slot, lineHeight);
  const lines = shortestLines(names, Math.floor(wide / lineHeight), fontSize);
  const depth = Math.max(...lines.flat().map((line) => measureText(line, fontSize)));
  return { angle: 90, fontSize, names: lines, slot: wide, depth, overhang: 0 };
}

/** Names in up to `most` lines each, as short as they can be; names that are not long stay in one. */
export function shortestLines(names: readonly string[], most: number, fontSize: number): string[][] {
  let width = LONGEST_SLANTED * fontSize;
  let lines = names.map((name) => wrapText(name, width, fontSize));
  while (lines.some((parts) => parts.length > most) && width < UNLIMITED) {
    width *= 1.25;
    lines = names.map((name) => wrapText(name, width, fontSize));
  }
  return lines;
}

/** The names as text elements below y = `top`, centred on `xs`. */
export function drawLayerLabels(
  labels: LayerLabels,
  xs: readonly number[],
  top: number,
  fill: string,
): string[] {
  return labels.names.flatMap((lines, i) =>
    lines.map((line, j) => nameLine(labels, lines.length, xs[i]!, j, line, top, fill)),
  );
}

function nameLine(
  { angle, fontSize }: LayerLabels,
  count: number,
  x: number,
  j: number,
  line: string,
  top: number,
  fill: string,
): string {
  const lineHeight = fontSize * LINE_HEIGHT;
  const style = { "font-size": fontSize, fill };
  if (angle === 0) {
    return textElement(line, { x, y: top + fontSize + j * lineHeight, "text-anchor": "middle", ...style });
  }
  // The middle of the letters, not their baseline, meets the tick.
  const across = (j - (count - 1) / 2) * lineHeight + fontSize * 0.36;
  const turn =
    angle === 90 ? { x: x + across, y: top } : { x: x + across * SIN_45, y: top + across * SIN_45 };
  const transform = `translate(${turn.x.toFixed(2)} ${turn.y.toFixed(2)}) rotate(-${angle})`;
  return textElement(line, { transform, "text-anchor": "end", ...style });
}
