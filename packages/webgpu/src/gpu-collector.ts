import type { Gatherer, RowBuffer } from "./gatherer.js";
import type { GpuRows } from "./gpu-rows.js";
import type { GpuSource } from "./gpu-source.js";
import type { Halves } from "./halves.js";

/** Bytes of the first rows that are waited for; what waits later may be four times as much each time. */
const FIRST_BYTES = 2 ** 20;

/** Bytes beyond which rows are not waited for, unless they are few for their width. */
const ENOUGH_BYTES = 2 ** 23;

/** Rows a feature from which on reading a result, of features × features, is a small part of the work. */
const ENOUGH_ROWS = 8;

/**
 * Rows on the device that wait until there are enough of them for a pass: what is read back after each costs the same
 * for one row as for thousands.
 */
export class GpuRowCollector {
  /** Of all rows that it takes. */
  readonly halves: Halves | null;
  readonly #gatherer: Gatherer;
  readonly #features: number;
  readonly #most: number;
  /** Rows that the next memory has room for. */
  #room: number;
  #rows: RowBuffer | null = null;
  #capacity = 0;
  #count = 0;

  /**
   * @param features - Values of a row.
   * @param most - Rows of a pass, if each has so many numbers.
   */
  constructor(gatherer: Gatherer, features: number, most: number, halves: Halves | null) {
    const numbers = halves === null ? 1 : 2;
    this.halves = halves;
    const rowsIn = (bytes: number) => Math.max(1, Math.floor(bytes / (4 * this.#features)));
    this.#gatherer = gatherer;
    this.#features = numbers * features;
    const enough = Math.max(rowsIn(ENOUGH_BYTES), ENOUGH_ROWS * this.#features);
    this.#most = Math.min(Math.floor(most / numbers), enough);
    this.#room = Math.min(this.#most, rowsIn(FIRST_BYTES));
  }

  /** Queues the copying of all rows, and hands out those that fill a pass. */
  add(source: GpuSource, full: (rows: GpuRows) => void): void {
    const total = source.view.rows;
    for (let firstRow = 0; firstRow < total; ) {
      this.#rows ??= this.#begin(total - firstRow);
      const rows = Math.min(this.#capacity - this.#count, total - firstRow);
      this.#gatherer.gather(source, { firstRow, rows }, this.#rows);
      firstRow += rows;
      this.#count += rows;
      if (this.#count < this.#capacity) continue;
      this.#room = Math.min(this.#most, 4 * this.#capacity);
      this.flush(full);
    }
  }

  /** Hands out what waits, if anything. */
  flush(full: (rows: GpuRows) => void): void {
    if (this.#rows === null) return;
    const rows = { ...this.#rows, count: this.#count, features: this.#features, halves: this.halves };
    this.#rows = null;
    full(rows);
  }

  clear(): void {
    if (this.#rows !== null) this.#gatherer.destroy(this.#rows);
    this.#rows = null;
  }

  #begin(wanted: number): RowBuffer {
    this.#capacity = Math.min(this.#most, Math.max(this.#room, wanted));
    this.#count = 0;
    return this.#gatherer.take(this.#capacity * this.#features * 4);
  }
}
