import { seededRandom } from "@delve/conformance";
import { expect, test } from "vitest";
import { dsyrk } from "./dsyrk.js";

test.each([
  [1, 4],
  [3, 8],
  [7, 12],
])("order %i, %i rows", (n, k) => {
  const { integer } = seededRandom(n);
  const a = Float64Array.from({ length: n * k }, () => integer(100) - 50);
  const c = new Float64Array((n * (n + 1)) / 2).fill(7);
  dsyrk(n, k, a, c);
  let p = 0;
  for (let i = 0; i < n; i++) {
    for (let j = i; j < n; j++) {
      let sum = 0;
      for (let r = 0; r < k; r++) sum += a[r * n + i]! * a[r * n + j]!;
      expect(c[p++]).toBe(sum);
    }
  }
});
