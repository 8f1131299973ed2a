import { hatched } from "./hatch.js";
import { drawTextBlock } from "./header.js";
import { type Area, PADDING } from "./page.js";
import { textElement } from "./svg.js";
import { LINE_HEIGHT, wrapText } from "./text.js";
import type { Theme } from "./theme.js";

/** A figure of small panels, one a layer. All lengths in pixels. */
export interface PanelSpec {
  /** Names above the panels. */
  readonly names: readonly string[];
  /** What stands below each name. An empty one takes a line too, so that names of a row are level. */
  readonly notes: readonly string[];
  readonly nameSize: number;
  readonly noteSize: number;
  /** The figure as asked for. */
  readonly width: number;
  readonly height: number;
  /** Where the first row begins. */
  readonly top: number;
  /** Free space left of the first column. */
  readonly margin: number;
  /** Free space around each panel, for ticks. */
  readonly left: number;
  readonly right: number;
  readonly below: number;
  readonly leastWidth: number;
  /** Height of a panel over its width: the range in a figure of one row, and what it is in one of several. */
  readonly aspect: readonly [least: number, greatest: number, several: number];
}

/** A panel and the heading above it. */
export interface Panel {
  readonly area: Area;
  readonly name: readonly string[];
  readonly notes: readonly string[];
  readonly isFirstInRow: boolean;
}

/** Panels in rows. */
export interface PanelGrid {
  readonly panels: readonly Panel[];
  readonly right: number;
  readonly bottom: number;
}

/** Space between a heading and its panel, and above a heading. Sizes of the name. */
const HEADING_GAP = 0.4;
const ROW_GAP = 1.2;
/** More rows than this over what fits, and the figure grows to the right, too. */
const MOST_ROWS = 4;

/** Sets panels in as many columns as fit; many panels make the figure grow in both directions. */
export function layOutPanels(spec: PanelSpec): PanelGrid {
  const { names, notes, left, right, top, below, nameSize, noteSize } = spec;
  const fitting = fittingColumns(spec);
  const columns = chosenColumns(spec, fitting);
  const rows = Math.ceil(names.length / columns);
  const width = panelWidth(spec, Math.min(columns, fitting), rows);
  const texts = names.map((name, i) => ({
    name: wrapText(name, width, nameSize),
    notes: wrapText(notes[i]!, width, noteSize),
  }));
  const start = PADDING + spec.margin + left;
  const panels: Panel[] = [];
  let bottom = top;
  for (let row = 0; row < rows; row++) {
    const inRow = texts.slice(row * columns, (row + 1) * columns);
    const heading = Math.max(...inRow.map((text) => headingHeight(text, spec)));
    const areaTop = bottom + (row === 0 ? 0 : ROW_GAP * nameSize) + heading;
    const height = panelHeight(spec, width, rows);
    inRow.forEach((text, column) => {
      const x = start + column * (left + width + right);
      const area = { left: x, right: x + width, top: areaTop, bottom: areaTop + height };
      panels.push({ ...text, area, isFirstInRow: column === 0 });
    });
    bottom = areaTop + height + below;
  }
  return { panels, right: start + columns * (left + width + right) - left, bottom };
}

function fittingColumns({ names, width, margin, left, right, leastWidth }: PanelSpec): number {
  const fitting = Math.floor((width - 2 * PADDING - margin) / (left + leastWidth + right));
  return Math.max(1, Math.min(fitting, names.length));
}

/** Rows as even as can be; about as many columns as rows where those that fit would make a tower. */
function chosenColumns({ names, width, height }: PanelSpec, fitting: number): number {
  const balanced = Math.ceil(Math.sqrt((names.length * width) / height));
  const columns = names.length > MOST_ROWS * fitting ? Math.max(fitting, balanced) : fitting;
  return Math.ceil(names.length / Math.ceil(names.length / columns));
}

/** An equal part of the figure's width; less where a single row would become higher than the figure. */
function panelWidth(spec: PanelSpec, columns: number, rows: number): number {
  const { left, right, margin, leastWidth } = spec;
  const part = (spec.width - 2 * PADDING - margin) / columns - left - right;
  const most = rows === 1 ? roomBelow(spec) / spec.aspect[0] : Number.POSITIVE_INFINITY;
  return Math.max(leastWidth, Math.min(part, most));
}

/** Height that a single row leaves to its panels, headings of two lines assumed. */
function roomBelow({ height, top, below, nameSize, noteSize }: PanelSpec): number {
  return height - top - (nameSize + noteSize) * LINE_HEIGHT - below - 2 * nameSize - PADDING;
}

function panelHeight(spec: PanelSpec, width: number, rows: number): number {
  const [least, greatest, several] = spec.aspect;
  return rows > 1 ? several * width : Math.min(greatest * width, Math.max(least * width, roomBelow(spec)));
}

function headingHeight(
  { name, notes }: Pick<Panel, "name" | "notes">,
  { nameSize, noteSize }: PanelSpec,
): number {
  return (name.length * nameSize + notes.length * noteSize) * LINE_HEIGHT + HEADING_GAP * nameSize;
}

/** The headings; each stands right above its panel. */
export function drawHeadings(panels: readonly Panel[], spec: PanelSpec, theme: Theme): string[] {
  const { nameSize, noteSize } = spec;
  return panels.flatMap((panel) => {
    const { area, name, notes } = panel;
    const top = area.top - headingHeight(panel, spec);
    const below = top + name.length * nameSize * LINE_HEIGHT;
    return [
      ...drawTextBlock(name, area.left, top, nameSize, theme.ink),
      ...drawTextBlock(notes, area.left, below, noteSize, theme.muted),
    ];
  });
}

/** What fills a panel without anything to show: hatching, and the reason. */
export function drawLack({ area }: Panel, reason: string, fontSize: number, theme: Theme): string[] {
  const { left: x, top: y, right, bottom } = area;
  const [width, height] = [right - x, bottom - y];
  const middle = { x: x + width / 2, y: y + height / 2 + 0.36 * fontSize };
  const style = { "text-anchor": "middle", "font-size": fontSize, fill: theme.ink };
  const rim = { stroke: theme.background, "stroke-width": 5, "paint-order": "stroke" };
  return [hatched({ x, y, width, height }, theme.axis), textElement(reason, { ...middle, ...style, ...rim })];
}
