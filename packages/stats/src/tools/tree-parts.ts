import type { Phase } from "../records.js";
import { cov } from "../statistics/covariance-matrix.js";
import { embed } from "../statistics/embedding.js";
import { STATISTICS } from "../statistics/registry.js";
import { spectrum } from "../statistics/spectrum-values.js";
import type { Statistic } from "../statistics/statistic.js";
import type { NpyColumn } from "../writers/npy-tree.js";
import type { MomentsColumns } from "./saved-moments.js";
import { parseStatColumn } from "./stat-column.js";

/** A column of a tree whose numbers go into a table as they are. */
export interface SavedPart {
  readonly kind: "saved";
  readonly column: NpyColumn;
}

/** A layer in one phase. */
export interface LayerPart extends MomentsColumns {
  readonly kind: "layer";
  readonly phase: Phase;
  readonly layer: string;
  /** Where its cells come from, in order: saved numbers, or a statistic to compute. */
  readonly sources: readonly (NpyColumn | Statistic)[];
}

const MATRICES: readonly string[] = [cov, embed, spectrum].map(({ label }) => label);

/**
 * The columns of a table that is made from a tree, in the order of the tree, those of a layer and phase together.
 *
 * @param computed - Statistics that each layer is to have, in the place of those that were saved or after them.
 */
export function partsOf(
  columns: readonly NpyColumn[],
  computed: readonly Statistic[],
): (SavedPart | LayerPart)[] {
  const labels = [...STATISTICS, ...computed].map(({ label }) => label);
  const layers = new Map<string, { phase: Phase; layer: string; saved: Map<string, NpyColumn> }>();
  const parts: (SavedPart | string)[] = [];
  for (const column of columns) {
    const parsed = column.kind === "stat" ? parseStatColumn(column.column, labels) : null;
    if (parsed === null) {
      parts.push({ kind: "saved", column });
      continue;
    }
    const { phase, label, layer } = parsed;
    const key = `${phase}-${layer}`;
    if (!layers.has(key)) parts.push(key);
    const entry = layers.get(key) ?? { phase, layer, saved: new Map() };
    entry.saved.set(label, column);
    layers.set(key, entry);
  }
  return parts.map((part) => {
    if (typeof part !== "string") return part;
    const { phase, layer, saved } = layers.get(part)!;
    return {
      kind: "layer",
      phase,
      layer,
      spectrum: saved.get(spectrum.label) ?? null,
      covariance: saved.get(cov.label) ?? null,
      sources: sourcesOf(saved, computed),
    };
  });
}

function sourcesOf(
  saved: ReadonlyMap<string, NpyColumn>,
  computed: readonly Statistic[],
): (NpyColumn | Statistic)[] {
  const inPlace = [...saved].flatMap(([label, column]) =>
    MATRICES.includes(label) ? [] : (computed.find((statistic) => statistic.label === label) ?? column),
  );
  return [...inPlace, ...computed.filter(({ label }) => !saved.has(label))];
}
