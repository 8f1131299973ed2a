import { type MomentsState, NonFiniteError, ShapeError } from "@delve/kernel";
import { referenceBackend } from "@delve/kernel/reference";
import { expect, test, vi } from "vitest";
import type { TrackerOptions } from "./options.js";
import { SaturationTracker } from "./tracker.js";

const backend = referenceBackend();

/** The state of some samples, rows of two features. */
function stateOf(...values: number[]): MomentsState {
  const moments = backend.createMoments(2);
  const data = Float64Array.from(values);
  moments.update({ data, rows: data.length / 2, features: 2, rowStride: 2, featureStride: 1 });
  return moments.state() as MomentsState;
}

const openTracker = (options: Partial<TrackerOptions> = {}) =>
  SaturationTracker.open({ backend, stats: ["cov"], onError: "throw", ...options });

async function covarianceOf(tracker: SaturationTracker): Promise<number[]> {
  await tracker.addSaturations();
  const [record] = tracker.latest!.records;
  return Array.from((record!.value as { data: Float64Array }).data);
}

test("moments and values of a layer add up", async () => {
  const tracker = await openTracker();
  tracker.recordMoments("fc", stateOf(1, 2, 3, 5), { phase: "eval", entries: 1 });
  tracker.record("fc", { data: Float64Array.of(7, 0), shape: [1, 2] }, { phase: "eval" });
  expect(tracker.seen("fc", "eval")).toBe(2);
  const values = await covarianceOf(tracker);

  const whole = await openTracker();
  whole.record("fc", { data: Float64Array.of(1, 2, 3, 5, 7, 0), shape: [3, 2] }, { phase: "eval" });
  const expected = await covarianceOf(whole);
  values.forEach((value, i) => void expect(value).toBeCloseTo(expected[i]!, 14));
  await Promise.all([tracker.close(), whole.close()]);
});

test("moments are counted, passed over and stopped as batches are", async () => {
  const tracker = await openTracker({ logInterval: 2, ignoreLayerNames: ["no"] });
  const offer = vi.fn(() => stateOf(1, 2, 3, 5));
  expect([1, 2, 3, 4].map(() => tracker.recordMoments("fc", offer))).toEqual([false, true, false, true]);
  expect(tracker.recordMoments("no", offer)).toBe(false);
  tracker.stop();
  expect(tracker.recordMoments("fc", offer, { counted: false })).toBe(false);
  expect(offer).toHaveBeenCalledTimes(2);
  expect(tracker.seen("fc")).toBe(4);
  await tracker.close();
});

test("refused: other features, values that are not finite, too many entries, wanted samples, a closed tracker", async () => {
  const tracker = await openTracker({ maxSamples: 3 });
  tracker.recordMoments("fc", stateOf(1, 2, 3, 5));
  const one = { ...stateOf(1, 2), features: 1, shift: new Float64Array(1), offset: new Float64Array(1) };
  expect(() => tracker.recordMoments("fc", { ...one, scatter: new Float64Array(1) })).toThrow(ShapeError);
  const spoilt = { ...stateOf(1, 2), scatter: Float64Array.of(Number.NaN, 0, 0) };
  expect(() => tracker.recordMoments("fc", spoilt)).toThrow(NonFiniteError);
  expect(() => tracker.recordMoments("fc", stateOf(1, 2, 3, 5))).toThrow("room for 1 samples, got 2");
  expect(tracker.seen("fc")).toBe(2);

  const keeping = await openTracker({ stats: ["embed"] });
  expect(() => keeping.recordMoments("fc", stateOf(1, 2))).toThrow("no statistic may need samples");
  await Promise.all([tracker.close(), keeping.close()]);
  expect(() => tracker.recordMoments("fc", stateOf(1, 2))).toThrow("tracker is closed");
});

test("onError warn: a refused state is dropped and counted", async () => {
  const logger = vi.fn();
  const tracker = await openTracker({ onError: "warn", logger });
  tracker.recordMoments("fc", stateOf(1, 2, 3, 5));
  tracker.recordMoments("fc", () => {
    throw new Error("lost");
  });
  expect(tracker.dropped.get("fc")).toBe(1);
  expect(logger).toHaveBeenCalledWith("warn", expect.stringContaining("lost"), expect.anything());
  await tracker.close();
});
