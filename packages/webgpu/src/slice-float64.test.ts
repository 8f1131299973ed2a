import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { EXACT } from "./exact-mode.js";
import { SLICES } from "./geometry.js";
import { sliceFloat64 } from "./slice-float64.js";

const finite = fc.oneof(
  fc.double({ noNaN: true, min: -1e150, max: 1e150 }),
  fc.double({ noNaN: true, min: -1e-300, max: 1e-300 }),
  fc.integer({ min: -100, max: 100 }),
);

/** X of an element from its balanced bytes. */
function onGrid(bytes: Uint8Array, row: number, column: number, groups: number, columns: number): number {
  let value = 0;
  for (let s = 0; s < SLICES; s++) {
    const at = ((s * groups + (row >> 2)) * columns + column) * 4 + (row & 3);
    value = value * 256 + ((bytes[at]! << 24) >> 24);
  }
  return value;
}

describe("sliceFloat64", () => {
  test.prop([fc.array(finite, { minLength: 2, maxLength: 60 })])(
    "puts every value within half a unit of its grid",
    (list) => {
      const rows = list.length >> 1;
      const values = Float64Array.from(list.slice(0, 2 * rows));
      const geometry = EXACT.geometryOf(rows, 2);
      const { bytes, grid } = sliceFloat64(values, geometry);
      for (let at = 0; at < values.length; at++) {
        const [row, f] = [at >> 1, at & 1];
        const x = onGrid(bytes, row, f, geometry.groups, geometry.columns);
        const unit = 2 ** grid.exponent[f]!;
        const error = Math.abs(values[at]! - grid.base[f]! - x * unit);
        expect(error).toBeLessThanOrEqual(0.52 * unit);
        expect(Math.abs(x)).toBeLessThanOrEqual(0x7f7f_7f7f_7f7f);
      }
    },
  );

  test("uses all bits of a column, and writes a column of ones", () => {
    const geometry = EXACT.geometryOf(5, 1);
    const { bytes, grid } = sliceFloat64(Float64Array.of(0, 1, 2, 3, 4), geometry);
    const { groups, columns } = geometry;
    expect(grid.base[0]).toBe(2);
    expect(onGrid(bytes, 4, 0, groups, columns)).toBeGreaterThanOrEqual(2 ** 45.9);
    const ones = [0, 1, 2, 3, 4, 5].map((row) => onGrid(bytes, row, 1, groups, columns));
    expect(ones).toEqual([2 ** 40, 2 ** 40, 2 ** 40, 2 ** 40, 2 ** 40, 0]);
  });
});
