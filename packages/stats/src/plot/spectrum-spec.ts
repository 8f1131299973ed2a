import { intrinsicDimensionality } from "../statistics/intrinsic-dimensionality.js";
import { type FigureSpec, type ResolvedFigure, resolveFigure } from "./figure-spec.js";
import { grouped } from "./format.js";
import { type LayerPanel, type ResolvedPanel, resolvePanel, samplesOf } from "./panel-spec.js";

/** The eigenvalues of one layer. */
export interface LayerSpectrum extends LayerPanel {
  /**
   * Of its covariance matrix, in any order; negative ones count as 0. `null`, or one that is not finite, and the panel
   * says that there is no spectrum.
   */
  readonly eigenvalues: ArrayLike<number> | null;
}

/** A figure with a panel a layer: eigenvalues and the share of the variance that they carry together. Plain data. */
export interface SpectrumPlot extends FigureSpec {
  /** In order of their forward pass. */
  readonly layers: readonly LayerSpectrum[];
  /** Share of the variance that counts, in (0, 1]; 0.99 by default. */
  readonly threshold?: number | undefined;
}

/** A spectrum that can be drawn. */
export interface DrawableSpectrum {
  /** Over the largest, descending; what is 0 or less is 0. */
  readonly ratios: readonly number[];
  /** Share of the variance that the leading k + 1 carry, at k. */
  readonly shares: readonly number[];
  readonly largest: number;
  readonly idim: number;
}

/** A layer of a figure that was checked; `spectrum` is `null` where there is nothing to draw, and `lack` says why. */
export interface ResolvedLayer extends ResolvedPanel {
  readonly spectrum: DrawableSpectrum | null;
  readonly lack: string;
}

/** A figure that was checked, with every default filled in and every text drawable. */
export interface ResolvedSpectrumPlot extends ResolvedFigure {
  readonly layers: readonly ResolvedLayer[];
  readonly threshold: number;
}

/**
 * Checks a figure and fills in its defaults.
 *
 * @throws {RangeError} If there is no layer, or a layer has no eigenvalue, or the threshold lies outside (0, 1], or the
 *   style is not usable.
 */
export function resolveSpectrumPlot(plot: SpectrumPlot): ResolvedSpectrumPlot {
  const { layers, threshold = 0.99 } = plot;
  if (layers.length === 0) throw new RangeError("spectrumPlot: needs at least one layer, got 0");
  if (!(threshold > 0 && threshold <= 1)) {
    throw new RangeError(`spectrumPlot: threshold must lie in (0, 1], got ${threshold}`);
  }
  return {
    layers: layers.map((layer) => resolveLayer(layer, threshold)),
    threshold,
    ...resolveFigure("spectrumPlot", plot, samplesOf(layers)),
  };
}

function resolveLayer(panel: LayerSpectrum, threshold: number): ResolvedLayer {
  const { layer, eigenvalues } = panel;
  if (eigenvalues !== null && eigenvalues.length === 0) {
    throw new RangeError(`spectrumPlot: layer "${layer}" needs at least one eigenvalue, got 0`);
  }
  const values = Float64Array.from(eigenvalues ?? [], (value) => Math.max(value, 0));
  const known = resolvePanel(panel);
  if (values.length === 0 || !values.every(Number.isFinite)) {
    return { ...known, spectrum: null, lack: "no spectrum" };
  }
  values.sort().reverse();
  if (values[0] === 0) return { ...known, spectrum: null, lack: "no variance" };
  return { ...known, spectrum: drawable(values, threshold), lack: "" };
}

/** Dimensionality, features and saturation of a layer as they are read out: `22 / 96 = 0.23`. */
export function saturationText({ idim, ratios }: DrawableSpectrum): string {
  return `${grouped(idim)} / ${grouped(ratios.length)} = ${(idim / ratios.length).toFixed(2)}`;
}

function drawable(values: Float64Array, threshold: number): DrawableSpectrum {
  const largest = values[0]!;
  const ratios = Array.from(values, (value) => value / largest);
  const total = ratios.reduce((sum, ratio) => sum + ratio, 0);
  let carried = 0;
  const shares = ratios.map((ratio) => (carried += ratio) / total);
  return { ratios, shares, largest, idim: intrinsicDimensionality(values, threshold) };
}
