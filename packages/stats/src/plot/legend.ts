import { hatched } from "./hatch.js";
import { drawMarker } from "./marks.js";
import { inkOn } from "./ramp.js";
import { element, textElement } from "./svg.js";
import { LINE_HEIGHT, measureText, wrapText } from "./text.js";
import type { Stroke, Theme } from "./theme.js";

/** One entry: a sample of the drawing and what it stands for. */
export interface LegendEntry {
  readonly text: string;
  readonly stroke: Stroke;
  /**
   * `line` is a line with its marker, `faded` a pale line, `open` and `marker` an open or full marker alone, `rule` a
   * line without one, `dotted` and `hatched` a cell of a heat map, `tinted` an area.
   */
  readonly kind: "line" | "rule" | "faded" | "open" | "marker" | "dotted" | "hatched" | "tinted";
}

interface PlacedEntry {
  readonly entry: LegendEntry;
  readonly lines: readonly string[];
  readonly x: number;
  /** Top of the row, from the top of the legend. */
  readonly y: number;
}

/** Entries in rows. All lengths in pixels. */
export interface Legend {
  readonly entries: readonly PlacedEntry[];
  readonly height: number;
  readonly fontSize: number;
}

const SAMPLE_WIDTH: Readonly<Record<LegendEntry["kind"], number>> = {
  line: 30,
  rule: 30,
  faded: 30,
  open: 10,
  marker: 10,
  dotted: 14,
  hatched: 14,
  tinted: 14,
};
const CELL_HEIGHT = 12;
const SAMPLE_GAP = 7;
const ENTRY_GAP = 20;
const MARKER_RADIUS = 4;

/** Sets entries side by side, in as many rows as `width` asks for; an entry wider than that is broken into lines. */
export function layOutLegend(entries: readonly LegendEntry[], width: number, fontSize: number): Legend {
  const placed: PlacedEntry[] = [];
  let [x, y, rowLines] = [0, 0, 1];
  for (const entry of entries) {
    const sample = SAMPLE_WIDTH[entry.kind] + SAMPLE_GAP;
    const lines = wrapText(entry.text, Math.max(width - sample, 4 * fontSize), fontSize);
    const taken = sample + Math.max(...lines.map((line) => measureText(line, fontSize)));
    if (x > 0 && x + taken > width) {
      y += rowLines * fontSize * LINE_HEIGHT;
      [x, rowLines] = [0, 1];
    }
    placed.push({ entry, lines, x, y });
    x += taken + ENTRY_GAP;
    rowLines = Math.max(rowLines, lines.length);
  }
  const height = entries.length === 0 ? 0 : y + rowLines * fontSize * LINE_HEIGHT;
  return { entries: placed, height, fontSize };
}

/** The legend as elements, its upper left corner at (left, top). */
export function drawLegend({ entries, fontSize }: Legend, left: number, top: number, theme: Theme): string[] {
  return entries.flatMap(({ entry, lines, x, y }) => {
    const start = left + x;
    const sample = SAMPLE_WIDTH[entry.kind];
    const middle = top + y + (fontSize * LINE_HEIGHT) / 2;
    const texts = lines.map((line, i) =>
      textElement(line, {
        x: start + sample + SAMPLE_GAP,
        y: middle + fontSize * (0.36 + i * LINE_HEIGHT),
        "font-size": fontSize,
        fill: theme.ink,
      }),
    );
    return [...drawSample(entry, start, start + sample, middle, theme), ...texts];
  });
}

function drawSample(
  { kind, stroke }: LegendEntry,
  from: number,
  to: number,
  y: number,
  theme: Theme,
): string[] {
  const marker = { x: (from + to) / 2, y, radius: MARKER_RADIUS, stroke, background: theme.background };
  if (kind === "open" || kind === "marker") return [drawMarker({ ...marker, open: kind === "open" })];
  if (kind === "dotted" || kind === "hatched" || kind === "tinted")
    return drawCellSample(kind, stroke.color, from, to - from, y);
  const line = element("line", {
    x1: from,
    y1: y,
    x2: to,
    y2: y,
    stroke: stroke.color,
    "stroke-width": kind === "line" ? 2 : kind === "rule" ? 1 : 1.5,
    "stroke-dasharray": stroke.dash,
    "stroke-opacity": kind === "faded" ? 0.4 : undefined,
  });
  return kind === "line" ? [line, drawMarker({ ...marker, open: false })] : [line];
}

function drawCellSample(
  kind: "dotted" | "hatched" | "tinted",
  color: string,
  x: number,
  width: number,
  middle: number,
): string[] {
  const cell = { x, y: middle - CELL_HEIGHT / 2, width, height: CELL_HEIGHT };
  if (kind === "hatched") return [hatched(cell, color)];
  if (kind === "tinted") {
    const end = { x1: x + width, x2: x + width, y1: cell.y, y2: cell.y + CELL_HEIGHT, stroke: color };
    return [element("rect", { ...cell, fill: color, "fill-opacity": 0.2 }), element("line", end)];
  }
  const dot = { cx: x + width / 2, cy: middle, r: 2, fill: inkOn(color) };
  return [element("rect", { ...cell, fill: color }), element("circle", dot)];
}
