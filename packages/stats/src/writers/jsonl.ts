import type { Phase, SaveRecord, TidyRecord } from "../records.js";

/**
 * One number of one save, as a line of a `.jsonl` file has it. Rows of the user's own numbers have their name in
 * `stat`, and `null` in what only layers have.
 */
export interface JsonlRow {
  /** Last part of `savePath`. */
  readonly run: string;
  /** Number of the save. */
  readonly epoch: number;
  /** Where the save stands on an axis of time; the same as `epoch`. */
  readonly step: number;
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly phase: Phase | null;
  readonly layer: string | null;
  /** Place of the layer in the order of first forward passes, from 0. */
  readonly index: number | null;
  /** Key of the statistic (`lsat`), or name of the user's number. */
  readonly stat: string;
  /** `null` where a layer had no samples. */
  readonly value: number | null;
  /** Samples the value rests on. */
  readonly n: number | null;
  readonly features: number | null;
  readonly undersampled: boolean | null;
}

/**
 * The rows of a save, a line each. Numbers read back bit for bit; the three that JSON lacks are the strings
 * `"NaN"`, `"Infinity"` and `"-Infinity"`. Matrices (`cov`) are left out.
 *
 * @example
 * encodeJsonl("mlp", { epoch: 3, time: 0, records: [{ kind: "scalar", name: "loss", value: 0.5 }] });
 * // '{"run":"mlp","epoch":3,"step":3,"time":0,"phase":null,"layer":null,"index":null,"stat":"loss","value":0.5,"n":null,"features":null,"undersampled":null}\n'
 */
export function encodeJsonl(run: string, { epoch, time, records }: SaveRecord): string {
  const start = `{"run":${JSON.stringify(run)},"epoch":${epoch},"step":${epoch},"time":${time}`;
  return records.map((record) => restOf(start, record)).join("");
}

function restOf(start: string, record: TidyRecord): string {
  const { value } = record;
  if (typeof value === "object" && value !== null) return "";
  const number = value === null ? "null" : numberText(value);
  if (record.kind === "scalar") {
    const name = JSON.stringify(record.name);
    return `${start},"phase":null,"layer":null,"index":null,"stat":${name},"value":${number},"n":null,"features":null,"undersampled":null}\n`;
  }
  const { phase, layer, index, stat, samples, features, undersampled } = record;
  const names = `"phase":"${phase}","layer":${JSON.stringify(layer)},"index":${index},"stat":${JSON.stringify(stat)}`;
  return `${start},${names},"value":${number},"n":${samples},"features":${features},"undersampled":${undersampled}}\n`;
}

function numberText(value: number): string {
  if (!Number.isFinite(value)) return `"${value}"`;
  return Object.is(value, -0) ? "-0" : String(value);
}

/**
 * The rows of a `.jsonl` file. What follows the last line end is the beginning of a row whose writing was cut short;
 * it is left out.
 *
 * @throws {Error} If a line is no row, with its number.
 * @example
 * const line = encodeJsonl("mlp", { epoch: 0, time: 0, records: [{ kind: "scalar", name: "loss", value: Infinity }] });
 * decodeJsonl(new TextEncoder().encode(`${line}{"run":"m`)).map(({ value }) => value); // [Infinity]
 */
export function decodeJsonl(bytes: Uint8Array): JsonlRow[] {
  return [...lines(bytes)].map(({ row }) => row);
}

/**
 * The bytes of all rows of epochs before `end`, as they are; without the torn row that may be last.
 *
 * @throws {Error} If a line is no row, with its number.
 */
export function jsonlBefore(bytes: Uint8Array, end: number): Uint8Array {
  const kept = new Uint8Array(bytes.length);
  let length = 0;
  for (const { row, line } of lines(bytes)) {
    if (row.epoch >= end) continue;
    kept.set(line, length);
    length += line.length;
  }
  return kept.subarray(0, length);
}

const NEWLINE = 10;

function* lines(bytes: Uint8Array): Generator<{ row: JsonlRow; line: Uint8Array }> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let start = 0;
  for (let number = 1; ; number++) {
    const end = bytes.indexOf(NEWLINE, start) + 1;
    if (end === 0) return;
    const line = bytes.subarray(start, end);
    yield { row: rowOf((line) => decoder.decode(line), line, number), line };
    start = end;
  }
}

function rowOf(decode: (line: Uint8Array) => string, line: Uint8Array, number: number): JsonlRow {
  let row: Partial<JsonlRow> | null = null;
  try {
    row = JSON.parse(decode(line));
  } catch {
    // Said below.
  }
  if (typeof row?.epoch !== "number" || typeof row.stat !== "string") {
    throw new Error(`line ${number} is no row`);
  }
  const { value } = row as { value?: unknown };
  return (typeof value === "string" ? { ...row, value: Number(value) } : row) as JsonlRow;
}
