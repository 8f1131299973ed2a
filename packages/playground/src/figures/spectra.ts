import type { Phase } from "@delve/stats";
import type { SpectrumPlot, Theme } from "@delve/stats/plot";
import { figuresOf } from "../state/figures.js";
import type { EpochReport, LayerSpectrum } from "../worker/protocol.js";
import { figsizeOf, type Room } from "./room.js";

export const PHASE_NAMES: Readonly<Record<Phase, string>> = { eval: "held-out", train: "training" };

/** What the spectra are drawn from, besides the epoch. */
export interface SpectraInput {
  readonly threshold: number;
  readonly phase: Phase;
  /** Place of the only layer to draw; all of them without. */
  readonly only?: number | undefined;
  readonly theme: Theme;
  readonly room: Room;
  readonly title: string;
}

/** The eigenvalues of every layer after an epoch. */
export function spectraOf(
  epoch: EpochReport,
  { threshold, phase, only, theme, room, title }: SpectraInput,
): SpectrumPlot {
  return { title, layers: layersOf(epoch, { phase, only }), threshold, theme, figsize: figsizeOf(room) };
}

/** The same in words. */
export function spectraInWords(
  epoch: EpochReport,
  { threshold, phase, only }: Pick<SpectraInput, "threshold" | "phase" | "only">,
): string {
  const counts = layersOf(epoch, { phase, only }).map(
    (spectrum) => `${spectrum.layer} ${figuresOf(spectrum, threshold).dimensions} of ${spectrum.features}`,
  );
  return `Axes that reach the threshold, on ${PHASE_NAMES[phase]} samples after epoch ${epoch.epoch}: ${counts.join(", ")}.`;
}

function layersOf(
  { spectra }: EpochReport,
  { phase, only }: Pick<SpectraInput, "phase" | "only">,
): LayerSpectrum[] {
  const layers = spectra.filter((spectrum) => spectrum.phase === phase);
  return only === undefined ? layers : layers.slice(only, only + 1);
}
