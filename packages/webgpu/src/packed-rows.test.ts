import { checkSamples } from "@delve/kernel/validation";
import { expect, test } from "vitest";
import { type PackedRows, RowCollector } from "./packed-rows.js";

/** Counts of the passes that batches of these sizes are made into; the last is what a flush gives. */
function passes(most: number, batches: readonly [rows: number, single: boolean][]): PackedRows[] {
  const collector = new RowCollector(2, most);
  const full: PackedRows[] = [];
  let next = 0;
  for (const [rows, single] of batches) {
    const values = Array.from({ length: rows * 2 }, () => next++);
    const data = single ? Float32Array.from(values) : Float64Array.from(values);
    const view = { data, rows, features: 2, rowStride: 2, featureStride: 1 };
    collector.add(checkSamples("update", view, 2), (done) => full.push(done));
    data.fill(-1);
  }
  collector.flush((done) => full.push(done));
  return full;
}

test("rows are collected until a pass is full, in their order", () => {
  const full = passes(4, [
    [3, true],
    [9, true],
    [1, true],
  ]);
  expect(full.map(({ count }) => count)).toEqual([4, 4, 4, 1]);
  expect(full.flatMap(({ values }) => [...values])).toEqual(Array.from({ length: 26 }, (_, k) => k));
});

test("another precision begins another pass", () => {
  const full = passes(8, [
    [2, true],
    [3, false],
    [1, false],
    [1, true],
  ]);
  expect(full.map(({ count }) => count)).toEqual([2, 4, 1]);
  expect(full.map(({ values }) => values.BYTES_PER_ELEMENT)).toEqual([4, 8, 4]);
  expect(full.flatMap(({ values }) => [...values])).toEqual(Array.from({ length: 14 }, (_, k) => k));
});
