import { CsvTable } from "../writers/csv-table.js";
import { listNpyTree } from "../writers/npy-tree.js";
import {
  type ReconstructOptions,
  type ReconstructSettings,
  resolveReconstruct,
} from "./reconstruct-options.js";
import { rowsOf } from "./tree-cells.js";
import { type LayerPart, partsOf, type SavedPart } from "./tree-parts.js";

/** A table that was made from a tree. */
export interface ReconstructedCsv {
  /** Share of the variance that counts in it; `null` where everything is as it was saved. */
  readonly threshold: number | null;
  /** Text of the file, as the CSV writer would have written it. */
  readonly csv: string;
}

/**
 * The CSV of a run from its tree of `.npy` files, of this library or of Python Delve, as if the run had had another
 * threshold; one for each threshold.
 *
 * What depends on the threshold is computed anew from the spectra that were saved (`stats: ["spectrum"]`, 8 bytes a
 * feature) or, with a backend, from the covariance matrices (`cov`); each file is read once for all thresholds. Everything
 * else that was saved as a number is taken over. Layers without either, and files that cannot be used, leave gaps and are
 * logged.
 *
 * @param folder - Where the npy writer wrote: `savePath`.
 * @throws {RangeError} If a threshold, statistic or rule is not one.
 * @throws {TypeError} If there are covariance matrices to decompose, and no backend.
 * @example
 * import { memoryStorage, NpyWriter } from "@delve/stats";
 *
 * const storage = memoryStorage();
 * const writer = new NpyWriter();
 * await writer.open({ name: "mlp", savePath: "runs/mlp", storage, initialEpoch: 0, threshold: 0.99, log: console.log });
 * const eigenvalues = { rows: 1, columns: 4, data: Float64Array.of(4, 4, 2, 0) };
 * const fc = { kind: "stat", phase: "train", layer: "fc", index: 0, samples: 90, features: 4, undersampled: false };
 * await writer.write({ epoch: 0, time: 0, records: [{ ...fc, stat: "spectrum", label: "spectrum", value: eigenvalues }] });
 *
 * const [half, most] = await reconstructCsv("runs/mlp", { storage, thresholds: [0.5, 0.9] });
 * half.csv; // ";train-saturation_fc;train-intrinsic-dimensionality_fc\n0;0.5;2\n"
 * most.csv; // ";train-saturation_fc;train-intrinsic-dimensionality_fc\n0;0.75;3\n"
 */
export async function reconstructCsv(
  folder: string,
  options: ReconstructOptions = {},
): Promise<ReconstructedCsv[]> {
  const settings = resolveReconstruct(options);
  const { thresholds, computed, storage, log } = settings;
  const tree = folder === "" || folder.endsWith("/") ? folder : `${folder}/`;
  const columns = await listNpyTree(storage, tree);
  if (columns.length === 0) log("warn", `"${tree}" holds no tree of .npy files`, { path: tree });
  const parts = partsOf(columns, computed);
  checkSources(parts, tree, settings);
  const tables = thresholds.map(() => new CsvTable());
  const epochs = new Set(columns.flatMap(({ files }) => [...files.keys()]));
  for (const epoch of [...epochs].sort((a, b) => a - b)) {
    const rows = await rowsOf(parts, epoch, settings);
    for (const [i, table] of tables.entries()) table.append(epoch, rows[i]!);
  }
  return thresholds.map((threshold, i) => ({ threshold, csv: tables[i]!.toString() }));
}

/** Says what cannot be computed before anything is read. */
function checkSources(
  parts: readonly (SavedPart | LayerPart)[],
  tree: string,
  { computed, backend, log }: ReconstructSettings,
): void {
  if (computed.length === 0) return;
  const layers = parts.filter((part) => part.kind === "layer");
  if (backend === null && layers.some(needsBackend)) {
    throw new TypeError(
      `reconstructCsv: backend must be given, because "${tree}" has covariance matrices, got none`,
    );
  }
  const without = layers.filter(({ spectrum, covariance }) => spectrum === null && covariance === null);
  if (without.length === 0) return;
  const names = without.map(({ layer, phase }) => `"${layer}" (${phase})`).join(", ");
  const keys = computed.map(({ key }) => key).join(", ");
  log("warn", `"${tree}" has no spectra and no covariance matrices of ${names}: ${keys} are left out`, {
    path: tree,
    layers: without.map(({ layer }) => layer),
  });
}

/** Whether a save has the covariance matrix of a layer and not its spectrum. */
const needsBackend = ({ spectrum, covariance }: LayerPart): boolean =>
  [...(covariance?.files.keys() ?? [])].some((epoch) => !spectrum?.files.has(epoch));
