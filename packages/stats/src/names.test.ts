import { expect, test } from "vitest";
import { nearestName, show, unknownName } from "./names.js";

test.each([
  ["cvs", "csv"],
  ["sat_treshold", "satThreshold"],
  ["SAVETO", "saveTo"],
  ["xyz", undefined],
  ["", undefined],
])("nearest to %j is %j", (got, nearest) => {
  expect(nearestName(got, ["csv", "saveTo", "satThreshold"])).toBe(nearest);
});

test("the error lists what there is and shows what came", () => {
  expect(unknownName("saveTo", "prnt", ["csv", "print"]).message).toBe(
    'saveTo: must be one of "csv", "print", got "prnt"; did you mean "print"?',
  );
  expect(unknownName("saveTo", 7, ["csv"]).message).toBe('saveTo: must be one of "csv", got 7');
});

test("values of any kind can stand in a message", () => {
  expect(show("a".repeat(100))).toHaveLength(82);
  expect([show(null), show(undefined), show({}), show(new Map()), show([1, 2]), show(() => 1)]).toEqual([
    "null",
    "undefined",
    "an object (Object)",
    "an object (Map)",
    "[1, 2]",
    "a function",
  ]);
});
