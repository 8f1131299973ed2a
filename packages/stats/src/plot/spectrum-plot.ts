import { spokenTitle } from "./figure-spec.js";
import { grouped, percentOf } from "./format.js";
import { drawHeader, drawTextBlock, type Header, layOutHeader } from "./header.js";
import type { LegendEntry } from "./legend.js";
import { PADDING, SMALL, SMALLER, TICK_GAP } from "./page.js";
import { drawHeadings, layOutPanels, type PanelGrid, type PanelSpec } from "./panels.js";
import { ratioAxis } from "./ratio-axis.js";
import { drawSpectrumPanel } from "./spectrum-panel.js";
import {
  type ResolvedLayer,
  type ResolvedSpectrumPlot,
  resolveSpectrumPlot,
  type SpectrumPlot,
} from "./spectrum-spec.js";
import { svgDocument } from "./svg.js";
import { LINE_HEIGHT, widestLine, wrapText } from "./text.js";
import { strokeOf, type Theme } from "./theme.js";
import type { ValueAxis } from "./value-axis.js";

/** Least width of a panel in font sizes, and its height over its width. */
const LEAST_PANEL = 11;
const ASPECT: PanelSpec["aspect"] = [0.4, 1.25, 0.8];
const CAPTION =
  "rank of the eigenvalue · above: eigenvalue over the largest, log scale · below: share of the variance";

interface SpectrumLayout {
  readonly width: number;
  readonly height: number;
  readonly header: Header;
  readonly spec: PanelSpec;
  readonly grid: PanelGrid;
  readonly caption: readonly string[];
  readonly captionTop: number;
}

/**
 * Spectra as an SVG document, a panel a layer: the eigenvalues of its covariance matrix, descending, on a log axis;
 * below them the share of the variance that they carry together, with the threshold. The tinted part are the
 * directions that reach it (intrinsic dimensionality); its width is the layer's saturation.
 *
 * Eigenvalues are drawn over the largest of their layer, down to 1e-10 of it. The text is a function of `plot` alone,
 * the same on every engine. Names are drawn whole: the figure grows past `figsize` where they, or many layers, need it.
 *
 * @throws {RangeError} If there is no layer, or a layer has no eigenvalue, or the threshold lies outside (0, 1], or the
 *   style is not usable.
 * @example
 * const svg = spectrumPlot({
 *   title: "mlp · spectrum · eval · epoch 3",
 *   layers: [{ layer: "hidden", eigenvalues: [4, 1, 0.02, 0.001] }],
 * });
 * svg.startsWith("<svg"); // true
 */
export function spectrumPlot(plot: SpectrumPlot): string {
  const figure = resolveSpectrumPlot(plot);
  const { theme, fontSize, threshold, layers } = figure;
  const axis = ratioAxis(layers.flatMap(({ spectrum }) => spectrum?.ratios ?? []));
  const { width, height, header, spec, grid, caption, captionTop } = layOut(figure, axis);
  const scales = { axis, threshold, tickSize: fontSize * SMALLER, theme };
  return svgDocument({
    width,
    height,
    title: spokenTitle(figure),
    background: theme.background,
    content: [
      ...drawHeader(header, PADDING, theme),
      ...drawHeadings(grid.panels, spec, theme),
      ...grid.panels.flatMap((panel, i) => drawSpectrumPanel(panel, layers[i]!, scales)),
      ...drawTextBlock(caption, PADDING, captionTop, fontSize * SMALL, theme.muted),
    ],
  });
}

function layOut(figure: ResolvedSpectrumPlot, axis: ValueAxis): SpectrumLayout {
  const { fontSize, width, height, layers, theme, threshold } = figure;
  const [small, tickSize] = [fontSize * SMALL, fontSize * SMALLER];
  const header = layOutHeader(figure, legendOf(theme, threshold), width - 2 * PADDING, PADDING);
  const labels = axis.ticks.map(({ label }) => label);
  const spec: PanelSpec = {
    names: layers.map(({ layer }) => layer),
    notes: layers.map(notesOf),
    nameSize: small,
    noteSize: tickSize,
    width,
    height,
    top: header.bottom + 1.2 * fontSize,
    margin: widestLine(labels, tickSize) + TICK_GAP,
    left: 0,
    right: 1.6 * fontSize,
    below: TICK_GAP + tickSize * LINE_HEIGHT,
    leastWidth: LEAST_PANEL * fontSize,
    aspect: ASPECT,
  };
  const grid = layOutPanels(spec);
  const wide = Math.max(width, grid.right + PADDING);
  const caption = wrapText(CAPTION, wide - 2 * PADDING, small);
  const captionTop = grid.bottom + 0.6 * fontSize;
  const bottom = captionTop + caption.length * small * LINE_HEIGHT + PADDING;
  return { width: wide, height: bottom, header, spec, grid, caption, captionTop };
}

function notesOf({ spectrum, undersampled }: ResolvedLayer): string[] {
  const facts: string[] = [];
  if (spectrum !== null) {
    const { idim, ratios } = spectrum;
    facts.push(`${grouped(idim)} / ${grouped(ratios.length)} = ${(idim / ratios.length).toFixed(2)}`);
  }
  if (undersampled) facts.push("undersampled");
  return [facts.join(" · ")];
}

function legendOf(theme: Theme, threshold: number): LegendEntry[] {
  const [value, share] = [strokeOf(theme, 0), { ...strokeOf(theme, 1), dash: undefined }];
  const rule = { ...value, color: theme.muted, dash: "4 3" };
  return [
    { text: "eigenvalue", stroke: value, kind: "line" },
    { text: "cumulative share", stroke: share, kind: "line" },
    { text: `threshold ${percentOf(threshold)}`, stroke: rule, kind: "rule" },
    { text: "directions to reach it: idim / features = saturation", stroke: value, kind: "tinted" },
  ];
}
