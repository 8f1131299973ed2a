import type { SampleMatrix } from "@delve/kernel";
import { Matrix } from "./matrix.js";

/** Copies of batches of the same number of features. */
export class SavedSamples {
  #batches: Float64Array[] = [];
  #features = 0;

  push({ data, offset = 0, rows, features, rowStride, featureStride }: SampleMatrix): void {
    const batch = new Float64Array(rows * features);
    for (let r = 0, next = 0; r < rows; r++) {
      for (let f = 0; f < features; f++) batch[next++] = data[offset + r * rowStride + f * featureStride]!;
    }
    this.#batches.push(batch);
    this.#features = features;
  }

  clear(): void {
    this.#batches = [];
  }

  /** All of them, n × features, in the order in which they came; `null` if there are none. */
  toMatrix(): Matrix | null {
    if (this.#batches.length === 0) return null;
    const size = this.#batches.reduce((sum, batch) => sum + batch.length, 0);
    const data = new Float64Array(size);
    let next = 0;
    for (const batch of this.#batches) {
      data.set(batch, next);
      next += batch.length;
    }
    return new Matrix(data, [size / this.#features, this.#features]);
  }
}
