import { platform } from "#platform";
import { show, unknownName } from "../names.js";
import type { FigureStyle } from "../plot/figure-style.js";
import type { Storage } from "../storage/storage.js";
import { escapeFileName } from "../writers/file-names.js";
import type { PlotFormat } from "../writers/plot-writer.js";
import { type LayerStatOptions, layerStatOf, resolveChoice } from "./layer-stat.js";
import { plotStat } from "./plot-stat.js";
import { type RunTable, readRunTable } from "./run-table.js";

/** Options of `plotStatLevelFromResults`. */
export interface PlotResultsOptions extends LayerStatOptions, FigureStyle {
  /** The file system in Node, Deno and Bun, memory elsewhere. */
  readonly storage?: Storage | undefined;
  /** Files to write beside the CSV, none for an empty list; `["svg"]` by default. */
  readonly formats?: readonly PlotFormat[] | undefined;
  /** Pixels of a PNG for each of the 96 an inch has; 2 by default. */
  readonly scale?: number | undefined;
  /** Name of a column whose number at that save the subtitle shows. */
  readonly primaryMetric?: string | undefined;
  /** How many of the saves before are drawn faded behind; 0 by default. */
  readonly history?: number | undefined;
  /** Share of the variance that counted (`satThreshold`), which a CSV does not hold; the subtitle explains it. */
  readonly threshold?: number | undefined;
}

/** A figure and where it was written. */
export interface PlottedResults {
  readonly svg: string;
  /** Paths of the files. */
  readonly files: readonly string[];
}

/**
 * A layer profile from the CSV file of a run, of this library or of Python Delve, written beside it: for
 * `runs/mlp.csv`, `runs/mlp_lsat_train_epoch_3.svg`.
 *
 * @throws {RangeError} If there is no such file, or it is no CSV of a run, or does not hold what is asked for.
 * @example
 * import { memoryStorage } from "@delve/stats";
 *
 * const storage = memoryStorage();
 * await storage.write("runs/mlp.csv", ";loss;train-saturation_conv_1;train-saturation_fc\n0;2.3;0.25;0.5\n");
 * const { files } = await plotStatLevelFromResults("runs/mlp.csv", { storage, primaryMetric: "loss" });
 * files; // ["runs/mlp_lsat_train_epoch_0.svg"]
 */
export async function plotStatLevelFromResults(
  path: string,
  options: PlotResultsOptions = {},
): Promise<PlottedResults> {
  const { stat, phase, epoch, storage = platform.openStorage(), formats = ["svg"], scale } = options;
  const { primaryMetric, history = 0, threshold, theme, figsize, fontsize } = options;
  const choice = resolveChoice(WHERE, { stat, phase, epoch });
  check(formats, history);
  const table = readRunTable(WHERE, await readText(storage, path));
  const last = layerStatOf(WHERE, table, choice);
  const place = table.epochs.indexOf(last.epoch);
  const earlier = table.epochs
    .slice(Math.max(0, place - history), place)
    .map((epoch) => layerStatOf(WHERE, table, { ...choice, epoch }));
  const base = path.replace(/\.csv$/, "");
  const run = base.slice(base.lastIndexOf("/") + 1);
  const metric = primaryMetric === undefined ? undefined : metricOf(table, last.epoch, primaryMetric);
  const svg = plotStat([...earlier, last], { run, threshold, metric, theme, figsize, fontsize });
  const figure = `${base}_${escapeFileName(last.stat)}_${last.phase}_epoch_${last.epoch}`;
  const files: string[] = [];
  for (const format of formats) {
    files.push(`${figure}.${format}`);
    await storage.write(`${figure}.${format}`, format === "svg" ? svg : await rasterise(svg, scale));
  }
  return { svg, files };
}

const WHERE = "plotStatLevelFromResults";
const FORMATS: readonly PlotFormat[] = ["svg", "png"];

function check(formats: readonly PlotFormat[], history: number): void {
  const unknown = formats.find((format) => !FORMATS.includes(format));
  if (unknown !== undefined) throw unknownName(`${WHERE}: formats`, unknown, FORMATS);
  if (!Number.isSafeInteger(history) || history < 0) {
    throw new RangeError(`${WHERE}: history must be a whole number of at least 0, got ${show(history)}`);
  }
}

async function readText(storage: Storage, path: string): Promise<string> {
  const bytes = await storage.read(path);
  if (bytes === null) throw new RangeError(`${WHERE}: there must be a file "${path}", got none`);
  return new TextDecoder().decode(bytes);
}

function metricOf(table: RunTable, epoch: number, name: string): { name: string; value: number } | undefined {
  if (!table.columns.includes(name)) {
    throw new RangeError(`${WHERE}: primaryMetric must be a column, got ${show(name)}, which is none`);
  }
  const value = table.value(epoch, name);
  return value === null ? undefined : { name, value };
}

async function rasterise(svg: string, scale: number | undefined): Promise<Uint8Array> {
  // 2.8 MB that figures without PNG never load.
  const { renderPng } = await import("../png.js");
  return renderPng(svg, { scale });
}
