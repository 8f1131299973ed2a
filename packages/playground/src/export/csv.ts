import { layerFigures } from "../state/figures.js";
import type { EpochReport } from "../worker/protocol.js";

const COLUMNS = [
  "epoch",
  "phase",
  "layer",
  "index",
  "features",
  "samples",
  "undersampled",
  "threshold",
  "intrinsic_dimensionality",
  "saturation",
  "loss",
  "accuracy",
] as const;

/**
 * A run as a table, a row for each epoch, phase and layer. Plain names and numbers: nothing has to be quoted.
 */
export function runAsCsv(epochs: readonly EpochReport[], threshold: number): string {
  const rows = epochs.flatMap((report) => {
    const layers = layerFigures(report, threshold);
    return (["train", "eval"] as const).flatMap((phase) =>
      layers.map((figures, index) => {
        const { dimensions, saturation, samples, undersampled } = figures[phase];
        const { loss, accuracy } = report.scores[phase];
        const where = [report.epoch, phase, figures.layer, index, figures.features, samples, undersampled];
        return [...where, threshold, dimensions, saturation, loss, accuracy].join(",");
      }),
    );
  });
  return `${[COLUMNS.join(","), ...rows].join("\n")}\n`;
}
