import { intrinsicDimensionality, type Phase } from "@delve/stats";
import type { EpochReport, LayerSpectrum } from "../worker/protocol.js";

/** What one layer's spectrum says at a threshold. */
export interface PhaseFigures {
  readonly dimensions: number;
  /** `dimensions` over the layer's features. */
  readonly saturation: number;
  readonly samples: number;
  readonly undersampled: boolean;
}

/** The numbers of one layer. */
export interface LayerFigures extends Readonly<Record<Phase, PhaseFigures>> {
  readonly layer: string;
  readonly features: number;
}

/** Of each spectrum, what the threshold asked for last gave: a drag asks again and again for whole histories. */
const known = new WeakMap<LayerSpectrum, { readonly threshold: number; readonly figures: PhaseFigures }>();

/**
 * Intrinsic dimensionality and saturation from a spectrum, which is all that they need: no sample is looked at again.
 */
export function figuresOf(spectrum: LayerSpectrum, threshold: number): PhaseFigures {
  const last = known.get(spectrum);
  if (last?.threshold === threshold) return last.figures;
  const { eigenvalues, features, samples, undersampled } = spectrum;
  const dimensions = intrinsicDimensionality(eigenvalues, threshold);
  const figures = { dimensions, saturation: dimensions / features, samples, undersampled };
  known.set(spectrum, { threshold, figures });
  return figures;
}

/** The numbers of all layers after an epoch, in order of the forward pass. */
export function layerFigures({ spectra }: Pick<EpochReport, "spectra">, threshold: number): LayerFigures[] {
  const of = (wanted: Phase) => spectra.filter(({ phase }) => phase === wanted);
  const held = new Map(of("eval").map((spectrum) => [spectrum.layer, spectrum]));
  return of("train").map((spectrum) => ({
    layer: spectrum.layer,
    features: spectrum.features,
    train: figuresOf(spectrum, threshold),
    eval: figuresOf(held.get(spectrum.layer) ?? spectrum, threshold),
  }));
}

/**
 * Earlier epochs worth comparing with: the newest few of 0, 1, 3, 10, 30 …, which stay the same while training goes on.
 *
 * @example
 * landmarks(40); // [3, 10, 30]
 */
export function landmarks(epoch: number, count = 3): number[] {
  return [0, 1, 3, 10, 30, 100, 300].filter((mark) => mark < epoch).slice(-count);
}
