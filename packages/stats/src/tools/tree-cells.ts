import type { Statistic, StatisticContext } from "../statistics/statistic.js";
import type { CsvCell } from "../writers/csv-table.js";
import { decodeNpy } from "../writers/npy.js";
import type { NpyColumn } from "../writers/npy-tree.js";
import type { ReconstructSettings } from "./reconstruct-options.js";
import { readMoments, type SavedMoments } from "./saved-moments.js";
import { statColumn } from "./stat-column.js";
import type { LayerPart, SavedPart } from "./tree-parts.js";

/** The cells of a save, a row for each threshold. */
export async function rowsOf(
  parts: readonly (SavedPart | LayerPart)[],
  epoch: number,
  settings: ReconstructSettings,
): Promise<CsvCell[][]> {
  const rows = settings.thresholds.map((): CsvCell[] => []);
  for (const part of parts) {
    const computed = part.kind === "layer" ? await computedCells(part, epoch, settings) : [];
    for (const source of part.kind === "layer" ? part.sources : [part.column]) {
      const saved = "files" in source ? await savedCells(source, epoch, settings) : null;
      for (const [i, row] of rows.entries()) {
        row.push(...(saved ?? computed[i]?.get(source as Statistic) ?? []));
      }
    }
  }
  return rows;
}

/** What there is to compute of a layer, at each threshold; nothing where its moments are missing or unusable. */
async function computedCells(
  part: LayerPart,
  epoch: number,
  settings: ReconstructSettings,
): Promise<ReadonlyMap<Statistic, CsvCell[]>[]> {
  const { thresholds, computed, storage, backend, log } = settings;
  if (computed.length === 0) return [];
  const { layer, phase } = part;
  try {
    const moments = await readMoments(part, epoch, storage, backend);
    if (moments === null) return [];
    return thresholds.map((threshold) => {
      const context = contextOf(moments, threshold!, settings);
      return new Map(computed.map((statistic) => [statistic, cellsOf(part, statistic, context)]));
    });
  } catch (error) {
    const message = `"${layer}" (${phase}) has no values at save ${epoch}: ${reasonOf(error)}`;
    log("warn", message, { layer, phase, epoch, error });
    return [];
  }
}

/** The numbers of a file; none where the save has no such file, or it holds no numbers. */
async function savedCells(
  { column, files }: NpyColumn,
  epoch: number,
  { storage, log }: ReconstructSettings,
): Promise<CsvCell[]> {
  const path = files.get(epoch);
  try {
    const bytes = path === undefined ? null : await storage.read(path);
    if (bytes === null) return [];
    const { dtype, shape, data } = decodeNpy(bytes);
    if (shape.length > 1) return [];
    const integer = dtype === "<i8" || dtype === "|b1";
    return Array.from<number | bigint, CsvCell>(data, (value) => ({ column, value: Number(value), integer }));
  } catch (error) {
    log("warn", `"${column}" has no value at save ${epoch}: "${path}" cannot be used: ${reasonOf(error)}`, {
      column,
      epoch,
      error,
    });
    return [];
  }
}

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

function contextOf(
  moments: SavedMoments,
  threshold: number,
  { idimRule }: ReconstructSettings,
): StatisticContext {
  return {
    spectrum: moments.spectrum,
    threshold,
    idimRule,
    get state() {
      return moments.state;
    },
    get samples(): never {
      throw new Error("reconstructCsv: a tree has no samples");
    },
  };
}

function cellsOf({ phase, layer }: LayerPart, statistic: Statistic, context: StatisticContext): CsvCell[] {
  const { label, integer = false } = statistic;
  const value = statistic.compute(context);
  return typeof value === "number" ? [{ column: statColumn({ phase, label, layer }), value, integer }] : [];
}
