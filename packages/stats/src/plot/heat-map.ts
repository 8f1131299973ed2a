import { drawColorBar } from "./color-bar.js";
import { spokenTitle } from "./figure-spec.js";
import { drawHeader, drawTextBlock } from "./header.js";
import { drawCells } from "./heat-map-cells.js";
import { type HeatMapLayout, layOutHeatMap } from "./heat-map-layout.js";
import { type HeatMap, type ResolvedHeatMap, resolveHeatMap } from "./heat-map-spec.js";
import type { LegendEntry } from "./legend.js";
import { PADDING, SMALL, TICK, TICK_GAP } from "./page.js";
import { type Ramp, rampOf } from "./ramp.js";
import { element, svgDocument, textElement } from "./svg.js";
import { LINE_HEIGHT } from "./text.js";
import { strokeOf } from "./theme.js";
import { type ValueAxis, valueAxis } from "./value-axis.js";

/**
 * A heat map as an SVG document: one statistic of every layer (from top to bottom) over the saves of a run (from left
 * to right), as colour.
 *
 * The text is a function of `map` alone, the same on every engine. Names are drawn whole: the figure grows past
 * `figsize` where they need it. What has no value is hatched, what has too few samples has a dot. Values stand in
 * their cells where there is room for all; up to 2000 cells have layer, epoch, value and n as a tooltip.
 *
 * @throws {ShapeError} If there is not one row a layer, or a row has not one entry an epoch.
 * @throws {RangeError} If there is no layer or epoch, or the style is not usable.
 * @example
 * const svg = heatMap({
 *   title: "mlp · saturation · eval",
 *   valueLabel: "saturation",
 *   valueScale: "share",
 *   layers: ["hidden", "output"],
 *   epochs: [0, 1, 2],
 *   values: [[0.62, 0.47, 0.41], [0.9, 0.88, null]],
 * });
 * svg.startsWith("<svg"); // true
 */
export function heatMap(map: HeatMap): string {
  const figure = resolveHeatMap(map);
  const ramp = rampOf(figure.theme);
  const axis = valueAxis(figure.values.flat(), figure.valueScale);
  const layout = layOutHeatMap(figure, axis, legendOf(figure, axis, ramp));
  const { fontSize, theme } = figure;
  const small = fontSize * SMALL;
  return svgDocument({
    width: layout.width,
    height: layout.height,
    title: spokenTitle(figure),
    background: theme.background,
    content: [
      ...drawHeader(layout.header, PADDING, theme),
      ...drawTextBlock(layout.valueLabel, PADDING, layout.valueLabelTop, small, theme.muted),
      ...drawColorBar(layout.bar, layout.axis, ramp, small, theme),
      ...drawNames(figure, layout),
      ...drawCells(figure, layout, ramp),
      ...drawEpochs(figure, layout),
      ...drawTextBlock(layout.caption, PADDING, layout.captionTop, small, theme.muted),
    ],
  });
}

function legendOf(
  { values, undersampled, theme }: ResolvedHeatMap,
  axis: ValueAxis,
  ramp: Ramp,
): LegendEntry[] {
  const stroke = { ...strokeOf(theme, 0), color: theme.axis };
  const entries: LegendEntry[] = [];
  if (undersampled?.some((row) => row.includes(true))) {
    const dotted = { ...stroke, color: ramp.at(0.5) };
    entries.push({ text: "undersampled: fewer than 10 samples a feature", stroke: dotted, kind: "dotted" });
  }
  if (values.some((row) => row.some((value) => axis.place(value) === null))) {
    entries.push({ text: "no value", stroke, kind: "hatched" });
  }
  return entries;
}

function drawNames({ theme }: ResolvedHeatMap, { names, nameSize, rows, plot }: HeatMapLayout): string[] {
  const line = nameSize * LINE_HEIGHT;
  return names.flatMap((lines, i) => {
    const middle = (rows[i]! + rows[i + 1]!) / 2;
    return lines.map((text, j) =>
      textElement(text, {
        x: plot.left - TICK - TICK_GAP,
        y: middle + (j - (lines.length - 1) / 2) * line + 0.36 * nameSize,
        "text-anchor": "end",
        "font-size": nameSize,
        fill: theme.ink,
      }),
    );
  });
}

function drawEpochs(
  { epochs, fontSize, theme }: ResolvedHeatMap,
  { columns, named, plot }: HeatMapLayout,
): string[] {
  const size = fontSize * SMALL;
  return named.flatMap((i) => {
    const x = (columns[i]! + columns[i + 1]!) / 2;
    const ends = { y1: plot.bottom + 1, y2: plot.bottom + TICK, stroke: theme.axis };
    const at = { x, y: plot.bottom + TICK + TICK_GAP + 0.8 * size, "text-anchor": "middle" };
    return [
      element("line", { x1: x, x2: x, ...ends }),
      textElement(String(epochs[i]), { ...at, "font-size": size, fill: theme.ink }),
    ];
  });
}
