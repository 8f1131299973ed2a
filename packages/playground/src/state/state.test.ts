import { expect, test } from "vitest";
import { epochReport } from "../../test/reports.js";
import { DEFAULTS } from "./settings.js";
import { newRun, type State, withReport } from "./state.js";

const start: State = { settings: DEFAULTS, run: newRun(2), failure: null };

test("epochs add up, and end the progress of the one under way", () => {
  const halfway = withReport(start, { type: "progress", run: 2, share: 0.5 });
  expect(halfway.run.progress).toBe(0.5);
  const [first, second] = [epochReport(0, { a: [1] }, 2), epochReport(1, { a: [1] }, 2)];
  const { run } = withReport(withReport(halfway, first), second);
  expect(run.epochs).toEqual([first, second]);
  expect(run.progress).toBe(0);
});

test("a report of a run that is over changes nothing", () => {
  expect(withReport(start, epochReport(1, { a: [1] }, 1))).toBe(start);
  expect(withReport(start, { type: "training", run: 1, on: true })).toBe(start);
});

test("a state is never changed in place", () => {
  const before = structuredClone(start);
  withReport(start, epochReport(0, { a: [1] }, 2));
  withReport(start, { type: "training", run: 2, on: true });
  withReport(start, { type: "failed", message: "no" });
  expect(start).toEqual(before);
});

test("a failure is kept, whichever run it belongs to", () => {
  expect(withReport(start, { type: "failed", message: "no memory" }).failure).toBe("no memory");
});
