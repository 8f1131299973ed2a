import { OutOfMemoryError, type SampleMatrix } from "@delve/kernel";
import type { CheckedSamples } from "@delve/kernel/validation";

type Values = Float32Array<ArrayBuffer> | Float64Array<ArrayBuffer>;

/** Rows of one precision, row-major without gaps. */
export interface PackedRows {
  readonly values: Values;
  readonly count: number;
  readonly features: number;
}

/** The rows as a view that any backend takes. */
export function asSamples({ values, count, features }: PackedRows): SampleMatrix {
  return { data: values, rows: count, features, rowStride: features, featureStride: 1 };
}

/**
 * Copies of samples that wait until there are enough of them for a pass: what is read back after each costs the same
 * for one row as for thousands.
 */
export class RowCollector {
  readonly #features: number;
  readonly #most: number;
  #values: Values = new Float32Array(0);
  #count = 0;

  /** @param most - Rows of a pass. */
  constructor(features: number, most: number) {
    this.#features = features;
    this.#most = most;
  }

  /**
   * Copies all rows, and hands out those that fill a pass or can share none because the precision changes.
   *
   * @throws {OutOfMemoryError} If there is no room; nothing has been taken then.
   */
  add(view: CheckedSamples, full: (rows: PackedRows) => void): void {
    const changes =
      this.#count > 0 && this.#values instanceof Float64Array !== view.data instanceof Float64Array;
    const waiting = changes ? 0 : this.#count;
    const pieces = this.#reserve(view, waiting);
    if (changes) this.flush(full);
    let from = 0;
    for (const values of pieces) {
      values.set(this.#values.subarray(0, this.#count * this.#features));
      this.#values = values;
      const rows = Math.min(this.#most - this.#count, view.rows - from);
      copyRows(view, from, rows, values, this.#count * this.#features);
      from += rows;
      this.#count += rows;
      if (this.#count === this.#most) this.flush(full);
    }
  }

  /** Hands out what waits, if anything. */
  flush(full: (rows: PackedRows) => void): void {
    if (this.#count === 0) return;
    const values = this.#values.subarray(0, this.#count * this.#features);
    const rows = { values, count: this.#count, features: this.#features };
    this.clear();
    full(rows);
  }

  clear(): void {
    this.#values = new Float32Array(0);
    this.#count = 0;
  }

  /** Memory for each pass that the view's rows begin or go on filling. */
  #reserve(view: CheckedSamples, waiting: number): Values[] {
    const pieces: Values[] = [];
    const total = waiting + view.rows;
    try {
      for (let from = 0; from < total; from += this.#most) {
        const needed = Math.min(this.#most, total - from);
        const goesOn = from === 0 && waiting > 0 && this.#values.length >= needed * this.#features;
        pieces.push(goesOn ? this.#values : this.#allocate(view, needed));
      }
    } catch {
      throw new OutOfMemoryError(`update: the batch needs memory for a copy, got ${view.rows} rows`);
    }
    return pieces;
  }

  /** Twice of what is needed now, so that many small batches are not copied over and over. */
  #allocate(view: CheckedSamples, rows: number): Values {
    const length = Math.min(2 * rows, this.#most) * this.#features;
    return view.data instanceof Float64Array ? new Float64Array(length) : new Float32Array(length);
  }
}

function copyRows(view: CheckedSamples, from: number, count: number, target: Values, start: number): void {
  const { data, features, offset, rowStride, featureStride, blockRows, blockStride } = view;
  const whole = blockRows >= view.rows || blockStride === blockRows * rowStride;
  if (whole && featureStride === 1 && rowStride === features) {
    const first = offset + from * features;
    target.set(data.subarray(first, first + count * features), start);
    return;
  }
  for (let r = from, at = start; r < from + count; r++) {
    const block = Math.floor(r / blockRows);
    let index = offset + block * blockStride + (r - block * blockRows) * rowStride;
    for (let f = 0; f < features; f++, index += featureStride) target[at++] = data[index]!;
  }
}
