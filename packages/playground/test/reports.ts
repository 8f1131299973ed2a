import type { Phase } from "@delve/stats";
import type { EpochReport, LayerSpectrum } from "../src/worker/protocol.js";

/** A spectrum of samples that are many enough, unless told otherwise. */
export function spectrum(
  layer: string,
  phase: Phase,
  eigenvalues: readonly number[],
  samples = 1000,
): LayerSpectrum {
  const features = eigenvalues.length;
  const undersampled = samples < 10 * features;
  return { layer, phase, features, samples, undersampled, eigenvalues: Float64Array.from(eigenvalues) };
}

/** A report with layers of the same spectrum in both phases. */
export function epochReport(
  epoch: number,
  layers: Readonly<Record<string, readonly number[]>>,
  run = 1,
): EpochReport {
  const of = (phase: Phase) =>
    Object.entries(layers).map(([layer, values]) => spectrum(layer, phase, values));
  return {
    type: "epoch",
    run,
    epoch,
    scores: { train: { loss: 0.5, accuracy: 0.75 }, eval: { loss: 0.25, accuracy: 0.875 } },
    spectra: [...of("train"), ...of("eval")],
    picture: { kind: "digits", readings: Uint8Array.of(1) },
  };
}
