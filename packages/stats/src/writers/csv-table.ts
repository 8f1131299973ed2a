import { inertName, plainName } from "./formula.js";
import { pythonFloat } from "./python-float.js";

/** A number for a cell; `integer` ones are written without a decimal point as long as their whole column is. */
export interface CsvCell {
  readonly column: string;
  readonly value: number | null;
  readonly integer?: boolean;
}

/** What a column holds so far; the widest of its cells decides, as with pandas. */
type Kind = "integer" | "float" | "text";

interface Column {
  readonly name: string;
  readonly at: number;
  kind: Kind;
}

interface Row {
  readonly index: number;
  /** Text of the cells of the columns that there were when the row was added. */
  readonly cells: string[];
}

/**
 * A table in Delve's dialect, which pandas reads and writes: separated by `;`, an unnamed index column first, `\n`
 * at the end of a line, NaN empty, floats as Python writes them, whole numbers plain until a gap in their column turns it
 * to float.
 *
 * Columns stand in the order in which they first came. A column that comes late, or misses in a row, has empty
 * cells there; one that comes twice in a row goes on in a further row of the same index. A name that a spreadsheet would
 * run as a formula has a `'` before it in the file.
 */
export class CsvTable {
  readonly #columns = new Map<string, Column>();
  readonly #rows: Row[] = [];
  /** The text of the first `rows` rows, which grows at its end as long as the columns stay as they are. */
  #body = { text: "", rows: 0, width: 0 };

  get columns(): string[] {
    return [...this.#columns.keys()];
  }

  /** Each row's index, and the text of its cells in the order of `columns`; what misses at its end is empty. */
  get rows(): readonly { readonly index: number; readonly cells: readonly string[] }[] {
    return this.#rows;
  }

  /** Adds a row, and further ones of the same index for columns that come more than once. */
  append(index: number, cells: Iterable<CsvCell>): void {
    const rows: string[][] = [[]];
    for (const { column, value, integer = false } of cells) {
      const known = this.#columns.get(column);
      // A gap is no reason to open a column.
      if (known === undefined && value === null) continue;
      const { at } = known ?? this.#open(column);
      const text =
        value === null ? "" : integer && Number.isFinite(value) ? String(value) : pythonFloat(value);
      let row = rows.find((row) => (row[at] ?? null) === null);
      if (row === undefined) rows.push((row = []));
      row[at] = text;
    }
    for (const row of rows) this.#push(index, row);
  }

  /** Rows of a file, as they are; those from `end` on are left out. */
  static parse(text: string, end = Number.POSITIVE_INFINITY): CsvTable {
    if (!/[\r\n]$/.test(text)) throw new Error("its last line does not end");
    const [header = [], ...rows] = parseCsv(text);
    const table = new CsvTable();
    for (const name of header.slice(1)) table.#open(plainName(name));
    if (table.#columns.size !== header.length - 1) throw new Error("two columns have the same name");
    for (const [number, [index = "", ...cells]] of rows.entries()) {
      if (cells.length !== table.#columns.size || !/^\d+$/.test(index)) {
        throw new Error(`row ${number + 1} is not an index and ${table.#columns.size} cells`);
      }
      if (Number(index) < end) table.#push(Number(index), cells);
    }
    return table;
  }

  /** The whole file. */
  toString(): string {
    if (this.#columns.size === 0) return '""\n';
    const width = this.#columns.size;
    const header = ["", ...this.columns.map((name) => quoted(inertName(name)))].join(";");
    if (this.#body.width !== width) this.#body = { text: "", rows: 0, width };
    for (const { index, cells } of this.#rows.slice(this.#body.rows)) {
      const missing = ";".repeat(width - cells.length);
      this.#body.text += `${[index, ...cells.map(quoted)].join(";")}${missing}\n`;
    }
    this.#body.rows = this.#rows.length;
    return `${header}\n${this.#body.text}`;
  }

  #open(name: string): Column {
    // Rows that are already there have nothing in this column: whole numbers that follow are floats to pandas.
    const column: Column = {
      name,
      at: this.#columns.size,
      kind: this.#rows.length > 0 ? "float" : "integer",
    };
    this.#columns.set(name, column);
    return column;
  }

  #push(index: number, cells: string[]): void {
    const row: Row = { index, cells };
    for (const column of this.#columns.values()) {
      const text = (cells[column.at] ??= "");
      this.#widen(column, kindOf(text));
      if (column.kind === "float" && INTEGER.test(text)) cells[column.at] = `${text}.0`;
    }
    this.#rows.push(row);
  }

  #widen(column: Column, kind: Kind): void {
    if (column.kind === "text" || kind === "integer" || kind === column.kind) return;
    if (column.kind === "integer" && kind === "float") {
      for (const { cells } of this.#rows) if (INTEGER.test(cells[column.at] ?? "")) cells[column.at] += ".0";
      this.#body.width = 0;
    }
    column.kind = kind;
  }
}

const INTEGER = /^-?\d+$/;
const FLOAT = /^(-?\d+\.\d+|-?\d+(\.\d+)?e[+-]\d+|-?inf|)$/;

const kindOf = (text: string): Kind => (INTEGER.test(text) ? "integer" : FLOAT.test(text) ? "float" : "text");

/** Quotes where the text could be misread; a bare carriage return ends a line for some readers. */
const quoted = (text: string): string => (/[;"\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

/**
 * Rows of fields of a `;` separated file with quotes.
 *
 * @throws {Error} If a quote is never closed.
 */
export function parseCsv(text: string): string[][] {
  const rows: string[][] = [];
  const field = /(?:"((?:[^"]|"")*)"|([^;\n\r"][^;\n\r]*|))(;|\r\n|\n|\r|$)/y;
  let row: string[] = [];
  while (field.lastIndex < text.length) {
    const match = field.exec(text);
    if (match === null) throw new Error("a quoted field does not end");
    row.push(match[1]?.replaceAll('""', '"') ?? match[2]!);
    if (match[3] === ";") continue;
    rows.push(row);
    row = [];
    if (match[3] === "") break;
  }
  return rows;
}
