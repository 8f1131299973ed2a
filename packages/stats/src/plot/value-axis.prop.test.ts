import { fc, test } from "@fast-check/vitest";
import { expect } from "vitest";
import { type ValueScale, valueAxis } from "./value-axis.js";

const values = fc.array(fc.oneof(fc.double(), fc.double({ min: 0, max: 1000 }), fc.constant(null)), {
  maxLength: 12,
});
const scales = fc.constantFrom<ValueScale>("share", "count", "linear", "log", "auto");
const ROUNDING = 1e-9;

test.prop([values, scales])(
  "every value is on the axis or a gap, and ticks ascend along it",
  (list, scale) => {
    const axis = valueAxis(list, scale);
    for (const value of list) {
      const place = axis.place(value);
      if (place === null) continue;
      expect(place).toBeGreaterThanOrEqual(-ROUNDING);
      expect(place).toBeLessThanOrEqual(1 + ROUNDING);
      expect(axis.format(value!)).not.toMatch(/NaN|Infinity|e/);
    }
    const places = axis.ticks.map(({ value }) => axis.place(value)!);
    expect(places.length).toBeGreaterThanOrEqual(2);
    expect(places).toEqual([...places].sort((a, b) => a - b));
    for (const place of places) expect(place >= -ROUNDING && place <= 1 + ROUNDING).toBe(true);
    expect(new Set(axis.ticks.map(({ label }) => label)).size).toBe(axis.ticks.length);
  },
);
