import { test } from "@fast-check/vitest";
import fc from "fast-check";
import { expect } from "vitest";
import { excessAbove } from "./certificate.js";

test.prop([
  fc.array(fc.oneof(fc.double({ min: 0, max: 10, noNaN: true }), fc.constantFrom(0, 1, 3)), {
    minLength: 1,
    maxLength: 40,
  }),
  fc.double({ min: 0.01, max: 12, noNaN: true }),
])("no values with this trace and these squares exceed a level by more", (values, level) => {
  const sum = (term: (x: number) => number) => values.reduce((total, x) => total + term(x), 0);
  const size = { order: values.length, trace: sum((x) => x), squares: sum((x) => x * x) };
  const excess = sum((x) => Math.max(x - level, 0));
  expect(excess).toBeLessThanOrEqual(excessAbove(level, size) * (1 + 1e-12) + 1e-12);
});
