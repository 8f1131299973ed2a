import { show } from "../names.js";
import type { Phase } from "../records.js";
import { resolveStatistics, STATISTICS } from "../statistics/registry.js";
import type { Statistic } from "../statistics/statistic.js";
import { type RunTable, readRunTable } from "./run-table.js";
import { parseStatColumn } from "./stat-column.js";

/** Which part of a run to look at. */
export interface LayerStatOptions {
  /** Key (`lsat`) or label (`saturation`) of a statistic, or one of one's own; `lsat` by default. */
  readonly stat?: string | Statistic | undefined;
  /** `train` by default. */
  readonly phase?: Phase | undefined;
  /** Number of the save; the last by default. */
  readonly epoch?: number | undefined;
}

/** One statistic of all layers, in one phase, at one save. */
export interface LayerStat {
  /** Short key of the statistic. */
  readonly stat: string;
  /** Its name in files and plots. */
  readonly label: string;
  /** Whether it is a count. */
  readonly integer: boolean;
  readonly phase: Phase;
  /** Number of the save. */
  readonly epoch: number;
  /** In the order of their columns, which is that of their first forward pass. */
  readonly layers: readonly string[];
  /** One a layer; `null` where the save has none. */
  readonly values: readonly (number | null)[];
}

/**
 * One statistic of all layers from the CSV of a run, of this library or of Python Delve.
 *
 * @param csv - The text of the file.
 * @throws {RangeError} If the text is not such a CSV, or does not hold what is asked for; the message says what it does.
 * @example
 * const csv = ";loss;train-saturation_conv_1;train-saturation_fc\n0;2.3;0.25;0.5\n1;1.1;0.375;0.75\n";
 * extractLayerStat(csv).layers; // ["conv_1", "fc"]
 * extractLayerStat(csv, { stat: "lsat", phase: "train", epoch: 0 }).values; // [0.25, 0.5]
 */
export function extractLayerStat(csv: string, options: LayerStatOptions = {}): LayerStat {
  const where = "extractLayerStat";
  const choice = resolveChoice(where, options);
  return layerStatOf(where, readRunTable(where, csv), choice);
}

/** What was asked for, checked. */
export interface Choice {
  readonly statistic: Statistic;
  readonly phase: Phase;
  /** `null` for the last. */
  readonly epoch: number | null;
}

/** @param where - What messages begin with. */
export function resolveChoice(where: string, options: LayerStatOptions): Choice {
  const { stat = "lsat", phase = "train", epoch = null } = options;
  if (phase !== "train" && phase !== "eval") {
    throw new RangeError(`${where}: phase must be "train" or "eval", got ${show(phase)}`);
  }
  const labelled = STATISTICS.find(({ label }) => label === stat);
  return { statistic: labelled ?? resolveStatistics([stat])[0]!, phase, epoch };
}

/** @param where - What messages begin with. */
export function layerStatOf(where: string, table: RunTable, choice: Choice): LayerStat {
  const { statistic, phase } = choice;
  const { key: stat, label, integer = false } = statistic;
  const labels = [...STATISTICS.map(({ label }) => label), label];
  const found = table.columns.flatMap((column) => {
    const parts = parseStatColumn(column, labels);
    return parts === null ? [] : [{ column, ...parts }];
  });
  const columns = found.filter((parts) => parts.label === label && parts.phase === phase);
  if (columns.length === 0) {
    const there = new Set(found.map((parts) => `${keyOf(parts.label)} (${parts.phase})`));
    const list = [...there].join(", ") || "no statistic";
    throw new RangeError(`${where}: the CSV must have columns of ${stat} (${phase}), got one with ${list}`);
  }
  const epoch = choice.epoch ?? table.epochs.at(-1);
  if (epoch === undefined || !table.epochs.includes(epoch)) {
    const range = table.epochs.length === 0 ? "none" : `${table.epochs[0]} to ${table.epochs.at(-1)}`;
    throw new RangeError(`${where}: epoch must be one of the saves there are (${range}), got ${show(epoch)}`);
  }
  const layers = columns.map(({ layer }) => layer);
  const values = columns.map(({ column }) => table.value(epoch, column));
  return { stat, label, integer, phase, epoch, layers, values };
}

const keyOf = (label: string): string =>
  STATISTICS.find((statistic) => statistic.label === label)?.key ?? label;
