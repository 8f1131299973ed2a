import type { Phase } from "../records.js";

/** What a column of a layer's statistic holds, by its name. */
export interface StatColumn {
  readonly phase: Phase;
  /** The statistic's name in files: `saturation`. */
  readonly label: string;
  readonly layer: string;
}

/**
 * The parts of a column's name, or `null` if it is not that of a statistic but a user's own.
 *
 * A name is taken for a statistic only if it begins as one, with a label that is known; what follows is the layer, so
 * that layers may be called `conv_1`, `evaluator` or `train-saturation_x`. The `_` that Python Delve's
 * `reconstruct_csv_from_npy_data` puts before names is passed over.
 *
 * @param labels - Labels that are known. The longest that fits counts.
 * @example
 * parseStatColumn("train-saturation_conv_1", ["saturation"]); // { phase: "train", label: "saturation", layer: "conv_1" }
 * parseStatColumn("my-train-saturation", ["saturation"]); // null
 */
export function parseStatColumn(column: string, labels: readonly string[]): StatColumn | null {
  const [start, phase] = /^_?(train|eval)-/.exec(column) ?? [];
  if (start === undefined) return null;
  const rest = column.slice(start.length);
  const fitting = labels.filter((label) => rest.startsWith(`${label}_`));
  if (fitting.length === 0) return null;
  const label = fitting.reduce((longest, label) => (label.length > longest.length ? label : longest));
  return { phase: phase as Phase, label, layer: rest.slice(label.length + 1) };
}

/** The name of a statistic's column; `parseStatColumn` undoes it. */
export function statColumn({ phase, label, layer }: StatColumn): string {
  return `${phase}-${label}_${layer}`;
}
