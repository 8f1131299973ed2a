import { describe, expect, test } from "vitest";
import { LAYOUTS } from "./layouts.js";
import { denseSamples } from "./samples.js";

describe.each(LAYOUTS)("$name", (layout) => {
  test.each([
    [1, 1],
    [3, 2],
    [11, 4],
    [12, 1],
  ])("%i rows of %i features lie where the view says", (rows, features) => {
    const samples = denseSamples(rows, features, (r, f) => 100 * r + f);
    for (const single of [false, true]) {
      const view = layout.of(samples, single);
      expect(view.data).toBeInstanceOf(single ? Float32Array : Float64Array);
      const { offset = 0, blockRows = rows, blockStride = 0 } = view;
      for (let r = 0; r < rows; r++) {
        for (let f = 0; f < features; f++) {
          const inBlocks = Math.floor(r / blockRows) * blockStride + (r % blockRows) * view.rowStride;
          expect(view.data[offset + inBlocks + f * view.featureStride]).toBe(100 * r + f);
        }
      }
      // Every sample once, NaN elsewhere.
      expect(view.data.filter((value) => !Number.isNaN(value))).toHaveLength(rows * features);
    }
  });
});

test("NCHW is written as planes", () => {
  const samples = denseSamples(4, 2, (r, f) => 10 * r + f);
  const nchw = LAYOUTS.find(({ name }) => name.startsWith("NCHW, five"))!;
  const nan = Number.NaN;
  expect([...nchw.of(samples, false).data]).toEqual([0, 10, 20, 30, nan, 1, 11, 21, 31]);
});
