import fc from "fast-check";
import { expect, test } from "vitest";
import { propertyFactor } from "./property-runs.js";

/** The cases that a property of any file draws. */
const drawn = () => {
  const cases: number[] = [];
  fc.assert(fc.property(fc.integer(), (value) => void cases.push(value)));
  return cases;
};

// A long campaign looks for new ones.
test.runIf(propertyFactor === 1)("a property draws the same cases whenever it is run", () => {
  expect(drawn()).toEqual(drawn());
});
