import { grouped } from "./format.js";
import { hatched } from "./hatch.js";
import type { HeatMapLayout } from "./heat-map-layout.js";
import type { ResolvedHeatMap } from "./heat-map-spec.js";
import { SMALLER } from "./page.js";
import { inkOn, type Ramp } from "./ramp.js";
import { element, escapeXml, textElement } from "./svg.js";
import { measureText } from "./text.js";

/** One value of a heat map and its place in pixels. */
interface Cell {
  readonly layer: number;
  readonly column: number;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** `null` for what is missing, or cannot be shown on the axis. */
  readonly color: string | null;
}

/** Up to so many cells have a tooltip each; more would make a file that is slow to open. */
const MOST_TOOLTIPS = 2_000;
/** Cells at least this large have a gap between them. */
const ROOMY = 12;
/** Distance of dots. */
const DOT_DISTANCE = 7;

/** The cells, their values where there is room, and marks on what is missing or undersampled. */
export function drawCells(map: ResolvedHeatMap, layout: HeatMapLayout, ramp: Ramp): string[] {
  const cells = cellsOf(map, layout, ramp);
  const shown = cells.filter(({ color }) => color !== null);
  const missing = cells.filter(({ color }) => color === null);
  const texts = drawTexts(map, layout, shown);
  return [
    ...(shown.length > MOST_TOOLTIPS ? drawByColor(shown) : shown.map((cell) => drawCell(cell, map, layout))),
    ...missing.map((cell) => hatched(cell, map.theme.axis)),
    ...drawDots(map, shown, texts.length > 0),
    ...texts,
  ];
}

function cellsOf(map: ResolvedHeatMap, { axis, columns, rows }: HeatMapLayout, ramp: Ramp): Cell[] {
  const least = Math.min(columns.at(-1)! - columns[0]!, rows.at(-1)! - rows[0]!);
  const isRoomy = columns[1]! - columns[0]! >= ROOMY && rows[1]! - rows[0]! >= ROOMY;
  const gap = isRoomy && least > ROOMY ? 1 : 0;
  return map.values.flatMap((values, layer) =>
    values.map((value, column) => {
      const place = axis.place(value);
      const [x, y] = [columns[column]!, rows[layer]!];
      const width = columns[column + 1]! - x - gap;
      const height = rows[layer + 1]! - y - gap;
      return { layer, column, x, y, width, height, color: place === null ? null : ramp.at(place) };
    }),
  );
}

function drawCell(cell: Cell, map: ResolvedHeatMap, { axis }: HeatMapLayout): string {
  const { layer, column, x, y, width, height, color } = cell;
  const samples = map.samples?.[layer]?.[column];
  const facts = [
    `epoch ${map.epochs[column]}`,
    ...(samples === undefined ? [] : [`n = ${grouped(samples)}`]),
    ...(map.undersampled?.[layer]?.[column] ? ["undersampled"] : []),
  ];
  const value = axis.format(map.values[layer]![column]!);
  const title = element("title", {}, escapeXml(`${map.layers[layer]}: ${value} (${facts.join(", ")})`));
  return element("rect", { x, y, width, height, fill: color!, "shape-rendering": "crispEdges" }, title);
}

/** All cells of one colour as one element. */
function drawByColor(cells: readonly Cell[]): string[] {
  const byColor = new Map<string, string[]>();
  for (const { x, y, width, height, color } of cells) {
    const path = byColor.get(color!) ?? [];
    path.push(`M${x} ${y}h${width}v${height}h${-width}z`);
    byColor.set(color!, path);
  }
  return [...byColor].map(([fill, path]) =>
    element("path", { d: path.join(""), fill, "shape-rendering": "crispEdges" }),
  );
}

function drawDots({ undersampled }: ResolvedHeatMap, cells: readonly Cell[], inCorner: boolean): string[] {
  if (undersampled === undefined) return [];
  const dots: string[] = [];
  let last: Cell | null = null;
  for (const cell of cells) {
    if (!undersampled[cell.layer]![cell.column]) continue;
    // In narrow columns not every cell of a row has room for a dot.
    const isCrowded = last !== null && last.layer === cell.layer && cell.x - last.x < DOT_DISTANCE;
    if (isCrowded && cell.column - last!.column < DOT_DISTANCE) continue;
    last = cell;
    dots.push(dotOn(cell, inCorner));
  }
  return dots;
}

function dotOn({ x, y, width, height, color }: Cell, inCorner: boolean): string {
  const r = Math.max(0.9, Math.min(2.2, 0.22 * Math.min(width, height)));
  const at = inCorner
    ? { cx: x + width - 2.2 * r, cy: y + 2.2 * r }
    : { cx: x + width / 2, cy: y + height / 2 };
  return element("circle", { ...at, r, fill: inkOn(color!) });
}

/** The values inside their cells, if all cells have room for theirs. */
function drawTexts(map: ResolvedHeatMap, { axis }: HeatMapLayout, cells: readonly Cell[]): string[] {
  const size = map.fontSize * SMALLER;
  const texts = cells.map(({ layer, column }) => axis.format(map.values[layer]![column]!));
  const fits = (cell: Cell, text: string): boolean =>
    measureText(text, size) + 1.6 * size <= cell.width && 1.5 * size <= cell.height;
  if (!cells.every((cell, i) => fits(cell, texts[i]!))) return [];
  return cells.map(({ x, y, width, height, color }, i) =>
    textElement(texts[i]!, {
      x: x + width / 2,
      y: y + height / 2 + 0.36 * size,
      "text-anchor": "middle",
      "font-size": size,
      fill: inkOn(color!),
    }),
  );
}
