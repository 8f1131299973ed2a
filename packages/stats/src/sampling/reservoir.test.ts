import type { SampleMatrix } from "@delve/kernel";
import { describe, expect, test } from "vitest";
import { seededRandom } from "./random.js";
import { Reservoir } from "./reservoir.js";

/** Samples of one feature each, their number. */
const numbered = (from: number, to: number): SampleMatrix => ({
  data: Float64Array.from({ length: to - from }, (_, i) => from + i),
  rows: to - from,
  features: 1,
  rowStride: 1,
  featureStride: 1,
});

const chosen = (reservoir: Reservoir): number[] => Array.from(reservoir.rows().data);

function choose(capacity: number, total: number, seed: number): number[] {
  const reservoir = new Reservoir(1, capacity, seed);
  reservoir.add(numbered(0, total));
  return chosen(reservoir);
}

describe("which samples are kept", () => {
  test("all of them, up to the capacity, in the order in which they came", () => {
    for (const total of [0, 1, 7, 8]) {
      expect(choose(8, total, 1)).toEqual(Array.from({ length: total }, (_, i) => i));
    }
  });

  test("of more, as many as the capacity, each once, in order", () => {
    const kept = choose(8, 1000, 1);
    expect(new Set(kept).size).toBe(8);
    expect(kept).toEqual([...kept].sort((a, b) => a - b));
  });

  test("it does not matter how they are split into batches", () => {
    const whole = choose(20, 5000, 3);
    for (const size of [1, 7, 20, 4999]) {
      const reservoir = new Reservoir(1, 20, 3);
      for (let from = 0; from < 5000; from += size)
        reservoir.add(numbered(from, Math.min(from + size, 5000)));
      expect(chosen(reservoir)).toEqual(whole);
    }
  });

  test("the seed decides; after a reset the choice is the same again", () => {
    expect(choose(20, 5000, 3)).not.toEqual(choose(20, 5000, 4));
    const reservoir = new Reservoir(1, 20, 3);
    reservoir.add(numbered(0, 777));
    reservoir.reset();
    expect(reservoir.rows()).toEqual({ rows: 0, columns: 1, data: new Float64Array(0) });
    reservoir.add(numbered(0, 5000));
    expect(chosen(reservoir)).toEqual(choose(20, 5000, 3));
  });

  // Binomial: 6000 draws of 5 out of 40 give each sample 750 ± 25.6; six of these σ leave one in 1e7 runs of chance,
  // and seeds are fixed.
  test("each sample is as likely as any other, and so is each pair", () => {
    const singles = new Float64Array(40);
    let neighbours = 0;
    for (let seed = 0; seed < 6000; seed++) {
      const kept = choose(5, 40, seed);
      for (const [i, sample] of kept.entries()) {
        singles[sample]!++;
        if (kept[i + 1] === sample + 1) neighbours++;
      }
    }
    for (const count of singles) expect(Math.abs(count - 750)).toBeLessThan(6 * 25.6);
    // 39 of the 780 pairs are neighbours and a draw has 10 pairs: 0.5 a draw, σ below 0.71.
    expect(Math.abs(neighbours / 6000 - 0.5)).toBeLessThan((6 * 0.71) / Math.sqrt(6000));
  });

  test("a long stream is as likely to be kept at its end as at its beginning", () => {
    const tenths = new Float64Array(10);
    const stream = numbered(0, 100_000);
    for (let seed = 0; seed < 500; seed++) {
      const reservoir = new Reservoir(1, 10, seed);
      reservoir.add(stream);
      for (const sample of chosen(reservoir)) tenths[Math.floor(sample / 10_000)]!++;
    }
    for (const count of tenths) expect(Math.abs(count - 500)).toBeLessThan(6 * 21.3);
  });
});

test("rows are read through their strides, and copied", () => {
  // Two blocks of three rows, features apart: what a feature map with its channels first looks like.
  const data = Float32Array.from({ length: 12 }, (_, i) => i);
  const reservoir = new Reservoir(2, 10, 0);
  reservoir.add({ data, rows: 6, features: 2, rowStride: 1, featureStride: 3, blockRows: 3, blockStride: 6 });
  const { data: rows } = reservoir.rows();
  data.fill(-1);
  expect(Array.from(rows)).toEqual([0, 3, 1, 4, 2, 5, 6, 9, 7, 10, 8, 11]);
  expect(Array.from(reservoir.rows().data)).toEqual(Array.from(rows));
});

test("seededRandom lies between 0 and 1, and depends on the seed", () => {
  const draws = [0, 1, 2 ** 40].map((seed) => Array.from({ length: 1000 }, seededRandom(seed)));
  for (const values of draws) {
    expect(Math.min(...values)).toBeGreaterThan(0);
    expect(Math.max(...values)).toBeLessThan(1);
    expect(values.reduce((a, b) => a + b, 0) / 1000).toBeCloseTo(0.5, 1);
  }
  expect(new Set(draws.map(([first]) => first)).size).toBe(3);
});
