import type { SaveRecord, TidyRecord } from "../records.js";
import { beside } from "./beside.js";
import { type CsvCell, CsvTable } from "./csv-table.js";
import type { Run, Writer } from "./writer.js";

/**
 * The name of a record's column: `train-saturation_fc`, or the name of a scalar.
 *
 * @example
 * columnName({ kind: "scalar", name: "loss", value: 0.5 }); // "loss"
 */
export function columnName(record: TidyRecord): string {
  return record.kind === "scalar" ? record.name : `${record.phase}-${record.label}_${record.layer}`;
}

/**
 * One file `<savePath>.csv` with a row a save, in Delve's dialect: what pandas, and Delve's own tools, read.
 * Matrices (`cov`) are left out. The file is written anew, whole, at every save.
 *
 * With `initialEpoch` it goes on from an earlier file: rows from that number on are dropped, the text of the others is
 * kept as it is. A file that cannot be read is left alone; the run then goes to a new file beside it.
 */
export class CsvWriter implements Writer {
  readonly name = "csv";
  #run: Run | null = null;
  #path = "";
  #table = new CsvTable();
  #written = false;

  async open(run: Run): Promise<void> {
    this.#run = run;
    this.#path = `${run.savePath}.csv`;
    if (run.initialEpoch !== 0) await this.#resume(run);
  }

  async write({ epoch, records }: SaveRecord): Promise<void> {
    if (this.#run === null) throw new Error("CsvWriter.write: open must be called before");
    this.#table.append(epoch, records.flatMap(cellOf));
    await this.#run.storage.write(this.#path, this.#table.toString());
    this.#written = true;
  }

  async flush(): Promise<void> {
    if (this.#written) await this.#run?.storage.sync?.(this.#path);
  }

  close(): Promise<void> {
    return this.flush();
  }

  async #resume({ storage, savePath, initialEpoch, log }: Run): Promise<void> {
    const bytes = await storage.read(this.#path);
    if (bytes === null) {
      log("warn", `"${this.#path}" does not exist: the CSV starts at save ${initialEpoch}`, {
        path: this.#path,
      });
      return;
    }
    try {
      const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
      this.#table = CsvTable.parse(text, initialEpoch);
    } catch (error) {
      const damaged = this.#path;
      this.#path = await beside(storage, savePath, ".csv");
      const reason = error instanceof Error ? error.message : String(error);
      const message = `"${damaged}" cannot be continued (${reason}): the CSV goes to "${this.#path}"`;
      log("warn", message, { path: damaged, error });
    }
  }
}

function cellOf(record: TidyRecord): CsvCell[] {
  const { value } = record;
  if (typeof value === "object" && value !== null) return [];
  const integer = record.kind === "stat" && record.integer === true;
  return [{ column: columnName(record), value, integer }];
}
