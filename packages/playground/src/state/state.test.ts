import { expect, test } from "vitest";
import { epochReport } from "../../test/reports.js";
import type { Report } from "../worker/protocol.js";
import { LAST_EPOCH } from "./limits.js";
import { DEFAULTS } from "./settings.js";
import { isOver, newRun, type State, withReport } from "./state.js";

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

test("a projection of another layer lets the curve go, one of the same layer keeps it", () => {
  const network = { accuracy: 1, picture: { kind: "digits", readings: Uint8Array.of(1) } } as const;
  const of = (layer: string): Report => ({
    type: "projection",
    run: 2,
    epoch: 1,
    layer,
    features: 4,
    axes: 2,
    full: network,
    principal: network,
    random: network,
  });
  const curve = { epoch: 1, layer: "a", features: 4, axes: [1], principal: [1], random: [1] };
  const shown = [of("a"), { type: "curve", run: 2, ...curve } as const].reduce(withReport, start);
  expect(withReport(shown, of("a")).run.curve).toMatchObject(curve);
  expect(withReport(shown, of("b")).run.curve).toBeNull();
});

test("training is over where it has diverged, or where the history ends", () => {
  expect(isOver(start.run)).toBe(false);
  expect(isOver(withReport(start, { type: "diverged", run: 2, epoch: 3 }).run)).toBe(true);
  expect(isOver(withReport(start, epochReport(LAST_EPOCH - 1, { a: [1] }, 2)).run)).toBe(false);
  expect(isOver(withReport(start, epochReport(LAST_EPOCH, { a: [1] }, 2)).run)).toBe(true);
});

test("a failure is kept, whichever run it belongs to", () => {
  expect(withReport(start, { type: "failed", message: "no memory" }).failure).toBe("no memory");
});
