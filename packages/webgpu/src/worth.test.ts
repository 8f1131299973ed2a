import { expect, test } from "vitest";
import { isWorthAPass } from "./worth.js";

const worth = (
  count: number,
  features: number,
  Values: new (length: number) => Float32Array | Float64Array,
) => isWorthAPass({ values: new Values(0) as Float32Array<ArrayBuffer>, count, features });

test.each([
  [16384, 10, Float32Array, false],
  [16384, 64, Float32Array, true],
  [2047, 128, Float32Array, false],
  [2048, 128, Float32Array, true],
  [255, 4096, Float32Array, false],
  [256, 4096, Float32Array, true],
  [16384, 511, Float64Array, false],
  [16384, 512, Float64Array, true],
] as const)("%i rows of %i features in a %o: %s", (count, features, Values, expected) => {
  expect(worth(count, features, Values)).toBe(expected);
});
