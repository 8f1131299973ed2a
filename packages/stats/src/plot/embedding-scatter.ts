import { grouped, inOneLine } from "./format.js";
import type { LegendEntry } from "./legend.js";
import { TICK_GAP } from "./page.js";
import { drawPanelFigure, type PanelFigure, tickSizeOf } from "./panel-figure.js";
import { drawScatterPanel, type ScatterView, viewOf } from "./scatter-panel.js";
import {
  type EmbeddingScatter,
  type ResolvedEmbedding,
  type ResolvedScatter,
  resolveScatter,
} from "./scatter-spec.js";
import { widestLine } from "./text.js";
import { strokeOf } from "./theme.js";

const CAPTION = "across: first principal axis · up: second, in the same unit · 0 is the mean";
/** Least width of a panel in font sizes. */
const LEAST_PANEL = 11;

/**
 * Embeddings as an SVG document, a panel a layer: samples in the plane of their first two principal axes, in colours
 * and markers by class where classes are given. Each panel has its own range, with the same unit on both axes.
 *
 * The text is a function of `scatter` alone, the same on every engine. Names are drawn whole: the figure grows past
 * `figsize` where they, or many layers, need it. Colour and marker together tell thirty classes apart.
 *
 * @throws {ShapeError} If points have not two coordinates, or there is not one label a point.
 * @throws {RangeError} If there is no layer, or the style is not usable.
 * @example
 * const points = { rows: 3, columns: 2, data: Float64Array.of(-1, 0.2, 0.4, -0.3, 0.6, 0.1) };
 * const svg = embeddingScatter({
 *   title: "mlp · embedding · eval · epoch 3",
 *   layers: [{ layer: "hidden", points, labels: ["cat", "dog", "dog"] }],
 * });
 * svg.startsWith("<svg"); // true
 */
export function embeddingScatter(scatter: EmbeddingScatter): string {
  const figure = resolveScatter(scatter);
  const { theme, layers } = figure;
  const views = layers.map(({ points }) => viewOf(points));
  return drawPanelFigure({
    figure,
    legend: legendOf(figure),
    notes: layers.map(noteOf),
    caption: CAPTION,
    frame: frameOf(views, figure),
    drawPanel: (panel, i) => drawScatterPanel(panel, layers[i]!, views[i]!, tickSizeOf(figure), theme),
  });
}

/** Square panels, with room for the numbers on both axes. */
function frameOf(views: readonly ScatterView[], figure: ResolvedScatter): PanelFigure["frame"] {
  const { fontSize } = figure;
  const tickSize = tickSizeOf(figure);
  const rowLabels = views.flatMap(({ yTicks }) => yTicks.map(({ label }) => label));
  const columnLabels = views.flatMap(({ xTicks }) => xTicks.map(({ label }) => label));
  const widest = widestLine(columnLabels, tickSize);
  return {
    margin: 0,
    left: widestLine(rowLabels, tickSize) + TICK_GAP,
    right: Math.max(1.2 * fontSize, widest / 2),
    // Its numbers have room side by side.
    leastWidth: Math.max(LEAST_PANEL * fontSize, 5 * widest),
    aspect: [1, 1, 1],
  };
}

function noteOf({ points, lost, undersampled }: ResolvedEmbedding): string {
  return inOneLine(
    points.length > 0 ? `${grouped(points.length)} shown` : "",
    lost > 0 ? `${grouped(lost)} without a place` : "",
    undersampled ? "undersampled" : "",
  );
}

function legendOf({ groups, theme }: ResolvedScatter): LegendEntry[] {
  return groups.map((text, i) => ({ text, stroke: strokeOf(theme, i), kind: "marker" }));
}
