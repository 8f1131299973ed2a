import { expect, test } from "vitest";
import type { Candidate } from "../model/types.js";
import { describeLeft } from "./describe-left.js";

const left = (...layers: string[]) =>
  layers.map((layer) => ({ layer, taken: false, reason: "its output is constant" }) as Candidate);

test("layers that are left are named with their reasons, the first of many", () => {
  expect(describeLeft([])).toBe("none");
  expect(describeLeft(left("a"))).toBe("none but those that are left: a (its output is constant)");
  expect(describeLeft(left("a", "b", "c", "d", "e"))).toMatch(/: a \(.+\), b \(.+\), c \(.+\), and 2 more$/);
});
