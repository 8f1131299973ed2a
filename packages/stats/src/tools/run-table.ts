import { CsvTable } from "../writers/csv-table.js";

/** What a run's CSV holds, as numbers. */
export interface RunTable {
  /** Numbers of the saves, each once, in the order of the file. */
  readonly epochs: readonly number[];
  /** In the order of the file. */
  readonly columns: readonly string[];
  /** The last number that a save has in a column; `null` where there is none. */
  value(epoch: number, column: string): number | null;
}

/**
 * Reads the CSV of a run, from this library or from Python Delve.
 *
 * @param where - What messages begin with.
 * @throws {RangeError} If the text is not such a CSV.
 */
export function readRunTable(where: string, csv: string): RunTable {
  const table = parse(where, csv);
  const places = new Map(table.columns.map((column, at) => [column, at]));
  const saves = new Map<number, (readonly string[])[]>();
  // A column that came more than once in a save goes on in a further row of the same number.
  for (const { index, cells } of table.rows) saves.set(index, [...(saves.get(index) ?? []), cells]);
  return {
    epochs: [...saves.keys()],
    columns: table.columns,
    value(epoch, column) {
      const at = places.get(column);
      if (at === undefined) return null;
      const texts = (saves.get(epoch) ?? []).map((cells) => cells[at] ?? "");
      return numberOf(texts.filter((text) => text !== "").at(-1) ?? "");
    },
  };
}

function parse(where: string, csv: string): CsvTable {
  try {
    return CsvTable.parse(csv);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new RangeError(`${where}: must be given the CSV of a run, got another text: ${reason}`);
  }
}

function numberOf(text: string): number | null {
  if (text === "inf") return Number.POSITIVE_INFINITY;
  if (text === "-inf") return Number.NEGATIVE_INFINITY;
  const value = text === "" ? Number.NaN : Number(text);
  return Number.isNaN(value) ? null : value;
}
