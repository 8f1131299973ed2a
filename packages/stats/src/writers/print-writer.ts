import { show, unknownName } from "../names.js";
import type { Phase, SaveRecord, ScalarRecord, StatRecord, StatValue } from "../records.js";
import { oneLine, saveAsLines } from "./print-lines.js";
import type { Writer } from "./writer.js";

/** Options of the print writer, by way of `writerArgs`. */
export interface PrintWriterOptions {
  /** Receives the text of each save; `console.log` when left out. */
  readonly print?: (text: string) => void;
  /** `table` by default; `lines` are those of Python Delve. */
  readonly printAs?: PrintStyle;
}

const STYLES = { table: saveAsText, lines: saveAsLines };

/** How a save is printed. */
export type PrintStyle = keyof typeof STYLES;

/**
 * A save on the console: as a table with layers as rows and statistics of each phase as columns, or a line for each value.
 */
export class PrintWriter implements Writer {
  readonly name = "print";
  readonly #print: (text: string) => void;
  readonly #textOf: (save: SaveRecord) => string;

  constructor({ print = console.log, printAs = "table" }: PrintWriterOptions = {}) {
    if (typeof print !== "function")
      throw new TypeError(`writerArgs.print: must be a function, got ${show(print)}`);
    if (!Object.hasOwn(STYLES, printAs))
      throw unknownName("writerArgs.printAs", printAs, Object.keys(STYLES));
    this.#print = print;
    this.#textOf = STYLES[printAs];
  }

  write(save: SaveRecord): void {
    const text = this.#textOf(save);
    if (text !== "") this.#print(text);
  }
}

/**
 * A save as a person reads it.
 *
 * ```
 * epoch 3   loss 0.1230   accuracy 0.9400
 *                       train                              eval
 *                                  intrinsic-
 * layer  features  saturation  dimensionality     n  …
 * fc           32     0.4688              15   1200
 * out          10     0.9000*              9*    64
 * * from fewer than 10 samples a feature: the value is limited by the data
 * ```
 *
 * @example
 * saveAsText({ epoch: 3, time: 0, records: [{ kind: "scalar", name: "loss", value: 0.123 }] }); // "epoch 3   loss 0.1230"
 */
export function saveAsText({ epoch, records }: SaveRecord): string {
  const scalars = records.filter((record): record is ScalarRecord => record.kind === "scalar");
  const stats = records.filter((record): record is StatRecord => record.kind === "stat");
  const title = [
    `epoch ${epoch}`,
    ...scalars.map(({ name, value }) => `${oneLine(name)} ${figure(value, false)}`),
  ];
  const lines = [title.join("   ")];
  if (stats.length > 0) lines.push(...align(tableOf(stats)));
  if (stats.some(({ undersampled, value }) => undersampled && value !== null)) {
    lines.push("* from fewer than 10 samples a feature: the value is limited by the data");
  }
  return lines.join("\n");
}

function tableOf(stats: readonly StatRecord[]): string[][] {
  const phases = (["train", "eval"] satisfies Phase[]).filter((phase) =>
    stats.some((r) => r.phase === phase),
  );
  const labels = [...new Set(stats.map(({ label }) => label))];
  const cells = new Map(stats.map((record) => [keyOf(record.phase, record.layer, record.label), record]));
  const layers = [...new Map(stats.map((record) => [record.layer, record])).values()];
  layers.sort((a, b) => a.index - b.index);
  const above = ["", "", ...phases.flatMap((phase) => [phase, ...labels.slice(1).map(() => ""), ""])];
  const headings = ["layer", "features", ...phases.flatMap(() => [...labels, "n"])];
  const rows = layers.map(({ layer, features }) => {
    const row = [oneLine(layer), String(features)];
    for (const phase of phases) {
      const found = labels.map((label) => cells.get(keyOf(phase, layer, label)));
      row.push(...found.map(cellText), String(found.find((record) => record)?.samples ?? 0));
    }
    return row;
  });
  return [above, ...stacked(headings), ...rows];
}

/** Headings as rows, a line for each part of a name with hyphens, so that a long one does not make its column wide. */
function stacked(headings: readonly string[]): string[][] {
  const parts = headings.map((heading) => heading.split(/(?<=-)/));
  const height = Math.max(...parts.map(({ length }) => length));
  return Array.from({ length: height }, (_, line) =>
    parts.map((lines) => lines[line - (height - lines.length)] ?? ""),
  );
}

const keyOf = (phase: Phase, layer: string, label: string): string => JSON.stringify([phase, layer, label]);

function cellText(record: StatRecord | undefined): string {
  if (record === undefined || record.value === null) return "- ";
  // The mark has a place of its own, so that numbers with and without it stand below each other.
  return figure(record.value, record.integer ?? false) + (record.undersampled ? "*" : " ");
}

function figure(value: Exclude<StatValue, null>, integer: boolean): string {
  if (typeof value !== "number") return `${value.rows}×${value.columns}`;
  if (integer || !Number.isFinite(value)) return String(value);
  const size = Math.abs(value);
  return value === 0 || (size >= 1e-3 && size < 1e5) ? value.toFixed(4) : value.toExponential(3);
}

/** First column to the left, numbers to the right. */
function align(table: readonly string[][]): string[] {
  const widths = table[0]!.map((_, column) => Math.max(...table.map((row) => row[column]!.length)));
  return table.map((row) =>
    row
      .map((text, column) => (column === 0 ? text.padEnd(widths[column]!) : text.padStart(widths[column]!)))
      .join("  ")
      .trimEnd(),
  );
}
