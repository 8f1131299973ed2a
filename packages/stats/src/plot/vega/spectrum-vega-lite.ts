import { percentOf } from "../format.js";
import { ratioAxis } from "../ratio-axis.js";
import {
  type ResolvedLayer,
  resolveSpectrumPlot,
  type SpectrumPlot,
  saturationText,
} from "../spectrum-spec.js";
import type { Theme } from "../theme.js";
import { columnsOf, headingOf, type Json, type VegaLiteSpec, vegaLite } from "./vega-lite.js";

const PANEL_WIDTH = 180;
const PANEL_HEIGHTS = [110, 60] as const;
/** Points of more eigenvalues would make one thick line. */
const MOST_POINTS = 40;
const RANKS = { nice: false, zero: false };

/**
 * Spectra as a Vega-Lite specification (version 6) with their data inside: what `spectrumPlot` shows, in Vega's looks.
 * Layers without a spectrum have no panel.
 *
 * @throws {RangeError} As `spectrumPlot` does.
 * @example
 * const spec = spectrumPlotVegaLite({
 *   title: "mlp · spectrum · eval · epoch 3",
 *   layers: [{ layer: "hidden", eigenvalues: [4, 1, 0.02, 0.001] }],
 * });
 * JSON.stringify(spec).includes("0.02"); // true
 */
export function spectrumPlotVegaLite(plot: SpectrumPlot): VegaLiteSpec {
  const figure = resolveSpectrumPlot(plot);
  const { layers, theme, threshold } = figure;
  const ratios = layers.flatMap(({ spectrum }) => spectrum?.ratios ?? []);
  const ticks = ratioAxis(ratios).ticks.map(({ value }) => value);
  const shown = layers.filter(({ spectrum }) => spectrum !== null);
  return vegaLite(figure, {
    columns: columnsOf(shown.length),
    // Not a facet: the schema has none of two plots above each other.
    concat: shown.map((layer) => ({
      title: headingOf(textsOf(layer), PANEL_WIDTH),
      data: { values: rowsOf(layer) },
      vconcat: [eigenvaluePanel(layer, theme, ticks), sharePanel(theme, threshold)],
      spacing: 6,
    })),
  });
}

function eigenvaluePanel({ spectrum }: ResolvedLayer, theme: Theme, ticks: readonly number[]): Json {
  const color = theme.palette[0]!;
  const point = spectrum!.ratios.length <= MOST_POINTS && { size: 12, color };
  const x = { field: "rank", type: "quantitative", title: null, scale: RANKS, axis: { labels: false } };
  const scale = { type: "log", domain: [ticks[0]!, 1] };
  return {
    width: PANEL_WIDTH,
    height: PANEL_HEIGHTS[0],
    layer: [
      {
        transform: [{ filter: "datum.ratio >= 1e-10" }],
        mark: { type: "line", point, color, tooltip: true },
        encoding: {
          x,
          y: {
            field: "ratio",
            type: "quantitative",
            title: "λ / λ₁",
            scale,
            axis: { values: ticks, format: ".0e" },
          },
          tooltip: ["layer", "rank", "eigenvalue", "share"].map((field) => ({ field })),
        },
      },
      idimRule(theme),
    ],
  };
}

function sharePanel(theme: Theme, threshold: number): Json {
  const x = { field: "rank", type: "quantitative", title: "rank", scale: RANKS, axis: { tickCount: 4 } };
  const scale = { domain: [0, 1] };
  return {
    width: PANEL_WIDTH,
    height: PANEL_HEIGHTS[1],
    layer: [
      {
        mark: { type: "line", color: theme.palette[1 % theme.palette.length]! },
        encoding: {
          x,
          y: { field: "share", type: "quantitative", title: "share", scale, axis: { tickCount: 2 } },
        },
      },
      {
        // One line a panel, not one a row.
        transform: [{ filter: "datum.rank === 1" }],
        mark: { type: "rule", strokeDash: [4, 3], color: theme.muted },
        encoding: { y: { datum: threshold }, description: { value: `threshold ${percentOf(threshold)}` } },
      },
      idimRule(theme),
    ],
  };
}

function idimRule(theme: Theme): Json {
  return {
    transform: [{ filter: "datum.rank === datum.idim" }],
    mark: { type: "rule", color: theme.palette[0]! },
    encoding: { x: { field: "rank", type: "quantitative" } },
  };
}

/** Name of a layer, and what is known of it. */
function textsOf({ layer, spectrum, undersampled }: ResolvedLayer): string[] {
  return [layer, saturationText(spectrum!), ...(undersampled ? ["undersampled"] : [])];
}

function rowsOf({ layer, spectrum, samples, undersampled }: ResolvedLayer): Json[] {
  const { ratios, shares, largest, idim } = spectrum!;
  return ratios.map((ratio, k) => {
    const known = { layer, rank: k + 1, eigenvalue: ratio * largest, ratio, share: shares[k]!, idim };
    return { ...known, samples: samples ?? null, undersampled };
  });
}
