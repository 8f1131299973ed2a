import type { SampleMatrix } from "@delve/kernel";
import type { MatrixValue } from "../records.js";
import { type Random, seededRandom } from "./random.js";

/**
 * A uniform random choice of at most `capacity` of the samples it is given, whatever their number: every subset of
 * that size is equally likely. Which ones are chosen depends on the seed and on their number alone, so that two
 * layers that are given the same inputs keep the same of them, however these are split into batches.
 *
 * Algorithm L of K.-H. Li, "Reservoir-sampling algorithms of time complexity O(n(1 + log(N/n)))" (1994), which
 * computes how many samples to pass over instead of throwing a die for each.
 */
export class Reservoir {
  readonly #features: number;
  readonly #capacity: number;
  readonly #seed: number;
  #random: Random;
  #rows = new Float64Array(0);
  /** Number of the sample in each place, in the order in which they came. */
  #arrivals: number[] = [];
  #seen = 0;
  #weight = 1;
  /** Number of the next sample to be taken in. */
  #next = 0;

  constructor(features: number, capacity: number, seed: number) {
    this.#features = features;
    this.#capacity = capacity;
    this.#seed = seed;
    this.#random = seededRandom(seed);
  }

  /** Offers the rows of a batch, one after the other; what is kept of them is copied. */
  add(samples: SampleMatrix): void {
    const end = this.#seen + samples.rows;
    for (; this.#next < end; this.#advance()) {
      const full = this.#arrivals.length === this.#capacity;
      const place = full ? Math.floor(this.#random() * this.#capacity) : this.#arrivals.length;
      this.#reserve(place + 1);
      this.#arrivals[place] = this.#next;
      copyRow(samples, this.#next - this.#seen, this.#rows, place * this.#features);
    }
    this.#seen = end;
  }

  /** The chosen samples as rows, in the order in which they came. A copy. */
  rows(): MatrixValue {
    const features = this.#features;
    const places = this.#arrivals
      .map((_, place) => place)
      .sort((a, b) => this.#arrivals[a]! - this.#arrivals[b]!);
    const data = new Float64Array(places.length * features);
    places.forEach((place, row) => {
      data.set(this.#rows.subarray(place * features, (place + 1) * features), row * features);
    });
    return { rows: places.length, columns: features, data };
  }

  /** Back to no samples, and to the beginning of the same random numbers. */
  reset(): void {
    this.#random = seededRandom(this.#seed);
    this.#arrivals = [];
    this.#seen = 0;
    this.#weight = 1;
    this.#next = 0;
  }

  #advance(): void {
    this.#next++;
    if (this.#arrivals.length < this.#capacity) return;
    this.#weight *= Math.exp(Math.log(this.#random()) / this.#capacity);
    this.#next += Math.floor(Math.log(this.#random()) / Math.log1p(-this.#weight));
  }

  /** Room for so many rows; doubled, so that a short run does not pay for the capacity. */
  #reserve(rows: number): void {
    if (rows * this.#features <= this.#rows.length) return;
    const room = Math.min(Math.max(rows, 2 * (this.#rows.length / this.#features)), this.#capacity);
    const grown = new Float64Array(room * this.#features);
    grown.set(this.#rows);
    this.#rows = grown;
  }
}

function copyRow(samples: SampleMatrix, row: number, target: Float64Array, at: number): void {
  const {
    data,
    features,
    rowStride,
    featureStride,
    offset = 0,
    blockRows = samples.rows,
    blockStride = 0,
  } = samples;
  const start = offset + Math.floor(row / blockRows) * blockStride + (row % blockRows) * rowStride;
  for (let f = 0; f < features; f++) target[at + f] = data[start + f * featureStride]!;
}
