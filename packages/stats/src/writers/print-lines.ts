import type { SaveRecord, TidyRecord } from "../records.js";
import { columnName } from "./csv-writer.js";
import { pythonFloat } from "./python-float.js";

/**
 * A save as Python Delve's console output has it: a line for each value, exact. A matrix is shown by its size.
 *
 * @example
 * saveAsLines({ epoch: 3, time: 0, records: [{ kind: "scalar", name: "loss", value: 1 }] }); // "loss : 1.0"
 */
export function saveAsLines({ records }: SaveRecord): string {
  return records.flatMap((record) => lineOf(record) ?? []).join("\n");
}

function lineOf(record: TidyRecord): string | null {
  const { value } = record;
  if (value === null) return null;
  const name = record.kind === "scalar" ? record.name : `_${columnName(record)}`;
  return `${oneLine(name)} : ${typeof value === "number" ? numberText(record, value) : `${value.rows}×${value.columns}`}`;
}

function numberText(record: TidyRecord, value: number): string {
  if (record.kind === "stat" && record.integer === true && Number.isFinite(value)) return String(value);
  return Number.isNaN(value) ? "nan" : pythonFloat(value);
}

/** Names may hold anything; a terminal must not obey it. */
export const oneLine = (text: string): string => text.replace(/[\s\p{Cc}]+/gu, " ");
