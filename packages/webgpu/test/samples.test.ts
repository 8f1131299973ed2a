import { seededRandom } from "@delve/conformance";
import { describe, expect, test } from "vitest";
import { HARD, hardSamples } from "./samples.js";

/** The deviate that lies furthest out: a uniform number of 32 bits, next to one, through Box and Muller's square root. */
const FURTHEST = Math.sqrt(-2 * Math.log(2 ** -32));

describe("hard samples are such as float32 can hold", () => {
  const furthest = { ...seededRandom(1), normal: () => -FURTHEST, uniform: () => 1 - 2 ** -32 };

  test.each(Object.keys(HARD))("%s", (name) => {
    const { data } = hardSamples(name, 2, 1000, furthest);
    expect(data.every(Number.isFinite)).toBe(true);
  });
});
