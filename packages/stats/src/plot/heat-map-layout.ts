import { COLOR_BAR_HEIGHT } from "./color-bar.js";
import { type Header, layOutHeader } from "./header.js";
import type { ResolvedHeatMap } from "./heat-map-spec.js";
import { shortestLines } from "./layer-labels.js";
import type { LegendEntry } from "./legend.js";
import { type Area, nameScale, PADDING, SMALL, TICK, TICK_GAP } from "./page.js";
import { LINE_HEIGHT, widestLine, wrapText } from "./text.js";
import type { ValueAxis } from "./value-axis.js";

/** Where everything of a heat map goes. All lengths in pixels. */
export interface HeatMapLayout {
  readonly width: number;
  readonly height: number;
  readonly header: Header;
  readonly axis: ValueAxis;
  readonly valueLabel: readonly string[];
  readonly valueLabelTop: number;
  readonly bar: Area;
  readonly plot: Area;
  /** Edges of the columns, whole numbers: one more than epochs. */
  readonly columns: readonly number[];
  /** Edges of the rows, whole numbers: one more than layers. */
  readonly rows: readonly number[];
  readonly nameSize: number;
  /** Lines of each layer's name. */
  readonly names: readonly (readonly string[])[];
  /** Columns whose epoch is named. */
  readonly named: readonly number[];
  readonly caption: readonly string[];
  readonly captionTop: number;
}

/** Free space between two names, as a share of a line. */
const ROW_GAP = 0.1;
const LEAST_COLUMN = 2;
/** Wider columns would make bars of cells. Font sizes. */
const WIDEST_COLUMN = 10;
const HIGHEST_ROW = 5;
/** Least width of the cells together, and widest scale of colours. Font sizes. */
const LEAST_PLOT = 16;
const WIDEST_BAR = 24;

/**
 * Finds room for everything. The figure grows past the size asked for rather than cut anything off, and is lower than
 * that where few layers need less.
 */
export function layOutHeatMap(
  map: ResolvedHeatMap,
  axis: ValueAxis,
  entries: readonly LegendEntry[],
): HeatMapLayout {
  const { fontSize } = map;
  const small = fontSize * SMALL;
  const { names, nameSize, rowHeight, columns, named, width } = layOutColumns(map);
  const room = width - 2 * PADDING;
  const header = layOutHeader(map, entries, room, PADDING);
  const valueLabel = wrapText(map.valueLabel, room, small);
  const valueLabelTop = header.bottom + 0.8 * fontSize;
  const barTop = valueLabelTop + (valueLabel.length * LINE_HEIGHT + 0.2) * small;
  const top = Math.ceil(barTop + COLOR_BAR_HEIGHT * fontSize + fontSize);
  const caption = wrapText(map.caption, room, small);
  const below = TICK + TICK_GAP + small * LINE_HEIGHT + 0.5 * small;
  const end = below + caption.length * small * LINE_HEIGHT + PADDING;
  const share = Math.min(HIGHEST_ROW * fontSize, (map.height - top - end) / names.length);
  const rows = edges(names.length, top, Math.max(rowHeight, share));
  const bottom = rows.at(-1)!;
  const barRight = PADDING + Math.min(room, WIDEST_BAR * fontSize);
  return {
    width,
    height: bottom + end,
    header,
    axis,
    valueLabel,
    valueLabelTop,
    bar: { left: PADDING, right: barRight, top: barTop, bottom: barTop + fontSize },
    plot: { left: columns[0]!, right: columns.at(-1)!, top, bottom },
    columns,
    rows,
    nameSize,
    names,
    named,
    caption,
    captionTop: bottom + below,
  };
}

/** Everything from left to right: names, and a column for each epoch. */
function layOutColumns(map: ResolvedHeatMap) {
  const { epochs, layers, fontSize } = map;
  const small = fontSize * SMALL;
  const nameSize = fontSize * nameScale(layers.length);
  const { names, rowHeight } = layOutNames(map, nameSize);
  const nameRoom = widestLine(names.flat(), nameSize) + TICK + TICK_GAP;
  // An epoch's number may reach past its column.
  const number = widestLine(epochs.map(String), small);
  const left = Math.ceil(PADDING + Math.max(nameRoom, number / 2));
  const margin = Math.max(1.5 * fontSize, number / 2) + PADDING;
  const columns = columnEdges(map, left, margin);
  const right = columns.at(-1)!;
  const named = namedColumns(epochs, (right - left) / epochs.length, small);
  return { names, nameSize, rowHeight, columns, named, width: Math.max(map.width, right + margin) };
}

/** Names in as many lines as rows hold that share half the figure's height. */
function layOutNames({ layers, height }: ResolvedHeatMap, nameSize: number) {
  const line = nameSize * LINE_HEIGHT;
  const share = Math.floor((0.5 * height) / layers.length / line);
  const names = shortestLines(layers, Math.max(1, share), nameSize);
  const most = names.reduce((lines, name) => Math.max(lines, name.length), 1);
  return { names, rowHeight: (most + ROW_GAP) * line };
}

function columnEdges({ epochs, width, fontSize }: ResolvedHeatMap, left: number, margin: number): number[] {
  const room = Math.max(width - margin - left, LEAST_PLOT * fontSize);
  const column = Math.min(WIDEST_COLUMN * fontSize, Math.max(LEAST_COLUMN, room / epochs.length));
  return edges(epochs.length, left, column);
}

/** Whole numbers, so that no seam shows between cells. */
function edges(count: number, start: number, step: number): number[] {
  return Array.from({ length: count + 1 }, (_, i) => start + Math.round(i * step));
}

/** As many columns, evenly spread, as their numbers leave room for. */
export function namedColumns(epochs: readonly number[], column: number, fontSize: number): number[] {
  const needed = widestLine(epochs.map(String), fontSize) + 0.8 * fontSize;
  const stride = roundStride(needed / column);
  const indices = epochs.map((_, i) => i);
  const round = indices.filter((i) => epochs[i]! % stride === 0);
  const isEven = epochs.every((epoch, i) => epoch === epochs[0]! + i);
  return isEven && round.length > 0 ? round : indices.filter((i) => i % stride === 0);
}

/** The least of 1, 2, 5, 10, 20, 50 … that is not below. */
function roundStride(least: number): number {
  let power = 1;
  for (;;) {
    const stride = [1, 2, 5].map((factor) => factor * power).find((stride) => stride >= least);
    if (stride !== undefined) return stride;
    power *= 10;
  }
}
