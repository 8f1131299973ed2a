import { inOneLine, percentOf } from "./format.js";
import type { LegendEntry } from "./legend.js";
import { TICK_GAP } from "./page.js";
import { drawPanelFigure, type PanelFigure, tickSizeOf } from "./panel-figure.js";
import { ratioAxis } from "./ratio-axis.js";
import { drawSpectrumPanel } from "./spectrum-panel.js";
import {
  type ResolvedLayer,
  resolveSpectrumPlot,
  type SpectrumPlot,
  saturationText,
} from "./spectrum-spec.js";
import { widestLine } from "./text.js";
import { strokeOf, type Theme } from "./theme.js";

/** Least width of a panel in font sizes, and its height over its width. */
const LEAST_PANEL = 11;
const ASPECT: PanelFigure["frame"]["aspect"] = [0.4, 1.25, 0.8];
const CAPTION =
  "rank of the eigenvalue · above: eigenvalue over the largest, log scale · below: share of the variance";

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
  const tickSize = tickSizeOf(figure);
  const scales = { axis, threshold, tickSize, theme };
  const labels = axis.ticks.map(({ label }) => label);
  return drawPanelFigure({
    figure,
    legend: legendOf(theme, threshold),
    notes: layers.map(noteOf),
    caption: CAPTION,
    frame: {
      margin: widestLine(labels, tickSize) + TICK_GAP,
      left: 0,
      right: 1.6 * fontSize,
      leastWidth: LEAST_PANEL * fontSize,
      aspect: ASPECT,
    },
    drawPanel: (panel, i) => drawSpectrumPanel(panel, layers[i]!, scales),
  });
}

function noteOf({ spectrum, undersampled }: ResolvedLayer): string {
  return inOneLine(spectrum === null ? "" : saturationText(spectrum), undersampled ? "undersampled" : "");
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
