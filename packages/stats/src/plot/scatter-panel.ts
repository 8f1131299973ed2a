import { scaleLinear } from "d3-scale";
import { extent, tickLabel } from "./format.js";
import { TICK_GAP } from "./page.js";
import { drawLack, type Panel } from "./panels.js";
import { drawPoints } from "./scatter-marks.js";
import type { ResolvedEmbedding, ScatterPoint } from "./scatter-spec.js";
import { element, textElement } from "./svg.js";
import { strokeOf, type Theme } from "./theme.js";

/** The square that a panel shows: the same unit on both axes. */
export interface ScatterView {
  /** Ends of the axes. */
  readonly x: readonly [number, number];
  readonly y: readonly [number, number];
  readonly xTicks: readonly ScatterTick[];
  readonly yTicks: readonly ScatterTick[];
}

interface ScatterTick {
  readonly value: number;
  readonly label: string;
}

const TICKS = 4;
/** Least extent of points over the largest coordinate: numbers along a shorter axis would not differ in few digits. */
const LEAST_EXTENT = 1e-5;
/** Space around the points, as a share of their extent. */
const MARGIN = 0.06;
/** Largest and smallest markers, and the number of points from which on they shrink. Pixels. */
const LARGEST_RADIUS = 2.6;
const SMALLEST_RADIUS = 1.2;
const FEW = 150;
const OPACITY = 0.7;

/** The least square around all points; around the mean too where all points are in one place. */
export function viewOf(points: readonly ScatterPoint[]): ScatterView {
  const mean: ScatterPoint = { x: 0, y: 0, group: 0 };
  return areInOnePlace(points) ? squareAround([mean, ...points]) : squareAround(points);
}

function areInOnePlace(points: readonly ScatterPoint[]): boolean {
  const [left, right] = extent(points.map(({ x }) => x));
  const [bottom, top] = extent(points.map(({ y }) => y));
  const largest = Math.max(Math.abs(left), Math.abs(right), Math.abs(bottom), Math.abs(top));
  return Math.max(right - left, top - bottom) <= LEAST_EXTENT * largest;
}

function squareAround(points: readonly ScatterPoint[]): ScatterView {
  const [left, right] = extent(points.map(({ x }) => x));
  const [bottom, top] = extent(points.map(({ y }) => y));
  const side = Math.max(right - left, top - bottom) || 1;
  const half = (0.5 + MARGIN) * side;
  const range = (low: number, high: number): [number, number] => {
    const middle = low + (high - low) / 2;
    return [middle - half, middle + half];
  };
  const [x, y] = [range(left, right), range(bottom, top)];
  return { x, y, xTicks: ticksOf(x), yTicks: ticksOf(y) };
}

function ticksOf(range: readonly [number, number]): ScatterTick[] {
  const values = scaleLinear().domain(range).ticks(TICKS);
  const step = values.length > 1 ? values[1]! - values[0]! : Math.abs(values[0] ?? 1) || 1;
  return values.map((value) => ({ value, label: tickLabel(value, step) }));
}

/** One layer: its samples, and a cross of lines through their mean. */
export function drawScatterPanel(
  panel: Panel,
  layer: ResolvedEmbedding,
  view: ScatterView,
  tickSize: number,
  theme: Theme,
): string[] {
  if (layer.points.length === 0) return drawLack(panel, "no samples", tickSize, theme);
  const { area } = panel;
  const x = scaleLinear(view.x, [area.left, area.right]);
  const y = scaleLinear(view.y, [area.bottom, area.top]);
  return [...drawFrame(area, { x, y }, view, tickSize, theme), ...drawGroups(layer.points, { x, y }, theme)];
}

interface Scales {
  x(value: number): number;
  y(value: number): number;
}

function drawFrame(
  { left, right, top, bottom }: Panel["area"],
  scales: Scales,
  { xTicks, yTicks }: ScatterView,
  size: number,
  theme: Theme,
): string[] {
  const color = (value: number) => (value === 0 ? theme.axis : theme.grid);
  const style = { "font-size": size, fill: theme.muted };
  const columns = xTicks.flatMap(({ value, label }) => {
    const x = scales.x(value);
    const at = { x, y: bottom + TICK_GAP + 0.9 * size, "text-anchor": "middle" };
    return [
      element("line", { x1: x, x2: x, y1: top, y2: bottom, stroke: color(value) }),
      textElement(label, { ...at, ...style }),
    ];
  });
  const rows = yTicks.flatMap(({ value, label }) => {
    const y = scales.y(value);
    const at = { x: left - TICK_GAP, y: y + 0.36 * size, "text-anchor": "end" };
    return [
      element("line", { x1: left, x2: right, y1: y, y2: y, stroke: color(value) }),
      textElement(label, { ...at, ...style }),
    ];
  });
  const rim = {
    x: left,
    y: top,
    width: right - left,
    height: bottom - top,
    fill: "none",
    stroke: theme.grid,
  };
  return [element("rect", rim), ...columns, ...rows];
}

function drawGroups(points: readonly ScatterPoint[], { x, y }: Scales, theme: Theme): string[] {
  const byGroup = new Map<number, (readonly [number, number])[]>();
  for (const point of points) {
    const group = byGroup.get(point.group) ?? [];
    group.push([x(point.x), y(point.y)]);
    byGroup.set(point.group, group);
  }
  const radius = Math.max(SMALLEST_RADIUS, LARGEST_RADIUS * Math.min(1, (FEW / points.length) ** 0.25));
  return [...byGroup]
    .sort(([a], [b]) => a - b)
    .map(([group, places]) => drawPoints(places, strokeOf(theme, group), radius, OPACITY));
}
