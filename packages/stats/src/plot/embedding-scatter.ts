import { spokenTitle } from "./figure-spec.js";
import { grouped } from "./format.js";
import { drawHeader, drawTextBlock, type Header, layOutHeader } from "./header.js";
import type { LegendEntry } from "./legend.js";
import { PADDING, SMALL, SMALLER, TICK_GAP } from "./page.js";
import { drawHeadings, layOutPanels, type PanelGrid, type PanelSpec } from "./panels.js";
import { drawScatterPanel, type ScatterView, viewOf } from "./scatter-panel.js";
import {
  type EmbeddingScatter,
  type ResolvedEmbedding,
  type ResolvedScatter,
  resolveScatter,
} from "./scatter-spec.js";
import { svgDocument } from "./svg.js";
import { LINE_HEIGHT, widestLine, wrapText } from "./text.js";
import { strokeOf } from "./theme.js";

const CAPTION = "across: first principal axis · up: second, in the same unit · 0 is the mean";
/** Least width of a panel in font sizes. */
const LEAST_PANEL = 11;
const SQUARE: PanelSpec["aspect"] = [1, 1, 1];

interface ScatterLayout {
  readonly width: number;
  readonly height: number;
  readonly header: Header;
  readonly spec: PanelSpec;
  readonly grid: PanelGrid;
  readonly caption: readonly string[];
  readonly captionTop: number;
}

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
  const { theme, fontSize, layers } = figure;
  const views = layers.map(({ points }) => viewOf(points));
  const { width, height, header, spec, grid, caption, captionTop } = layOut(figure, views);
  const tickSize = fontSize * SMALLER;
  return svgDocument({
    width,
    height,
    title: spokenTitle(figure),
    background: theme.background,
    content: [
      ...drawHeader(header, PADDING, theme),
      ...drawHeadings(grid.panels, spec, theme),
      ...grid.panels.flatMap((panel, i) => drawScatterPanel(panel, layers[i]!, views[i]!, tickSize, theme)),
      ...drawTextBlock(caption, PADDING, captionTop, fontSize * SMALL, theme.muted),
    ],
  });
}

function layOut(figure: ResolvedScatter, views: readonly ScatterView[]): ScatterLayout {
  const { fontSize, width, height, layers } = figure;
  const [small, tickSize] = [fontSize * SMALL, fontSize * SMALLER];
  const header = layOutHeader(figure, legendOf(figure), width - 2 * PADDING, PADDING);
  const rowLabels = views.flatMap(({ yTicks }) => yTicks.map(({ label }) => label));
  const columnLabels = views.flatMap(({ xTicks }) => xTicks.map(({ label }) => label));
  const widest = widestLine(columnLabels, tickSize);
  const spec: PanelSpec = {
    names: layers.map(({ layer }) => layer),
    notes: layers.map(notesOf),
    nameSize: small,
    noteSize: tickSize,
    width,
    height,
    top: header.bottom + 1.2 * fontSize,
    margin: 0,
    left: widestLine(rowLabels, tickSize) + TICK_GAP,
    right: Math.max(1.2 * fontSize, widest / 2),
    below: TICK_GAP + tickSize * LINE_HEIGHT,
    // Its numbers have room side by side.
    leastWidth: Math.max(LEAST_PANEL * fontSize, 5 * widest),
    aspect: SQUARE,
  };
  const grid = layOutPanels(spec);
  const wide = Math.max(width, grid.right + PADDING);
  const caption = wrapText(CAPTION, wide - 2 * PADDING, small);
  const captionTop = grid.bottom + 0.6 * fontSize;
  const bottom = captionTop + caption.length * small * LINE_HEIGHT + PADDING;
  return { width: wide, height: bottom, header, spec, grid, caption, captionTop };
}

function notesOf({ points, lost, undersampled }: ResolvedEmbedding): string[] {
  const facts = [
    ...(points.length > 0 ? [`${grouped(points.length)} shown`] : []),
    ...(lost > 0 ? [`${grouped(lost)} without a place`] : []),
    ...(undersampled ? ["undersampled"] : []),
  ];
  return facts.length === 0 ? [] : [facts.join(" · ")];
}

function legendOf({ groups, theme }: ResolvedScatter): LegendEntry[] {
  return groups.map((text, i) => ({ text, stroke: strokeOf(theme, i), kind: "marker" }));
}
