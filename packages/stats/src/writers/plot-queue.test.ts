import { afterEach, expect, test, vi } from "vitest";
import { saturationProfile } from "../../test/support/profiles.js";
import { Painter } from "../png/painter.js";
import { memoryStorage } from "../storage/memory-storage.js";
import { PlotQueue } from "./plot-queue.js";
import type { Run } from "./writer.js";

const run = (): Run => ({
  name: "mlp",
  savePath: "runs/mlp",
  storage: memoryStorage(),
  initialEpoch: 0,
  threshold: 0.99,
  log: vi.fn(),
});

/** A painter whose figures are done when the test says so. */
function slowPainter() {
  const started: (() => void)[] = [];
  const painter = new Painter(vi.fn(), null);
  painter.draw = () => new Promise((resolve) => started.push(() => resolve({ svg: "<svg/>", png: null })));
  return { painter, started };
}

const job = (epoch: number) => ({ path: `mlp_${epoch}`, profile: saturationProfile(2) });

/** Lets everything that is due happen. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

afterEach(() => {
  vi.useRealTimers();
});

test("figures are drawn one at a time, in order", async () => {
  const at = run();
  const { painter, started } = slowPainter();
  const queue = new PlotQueue(at, { formats: ["svg"], painter });
  for (const epoch of [0, 1, 2]) await queue.add(job(epoch));
  expect([started.length, queue.length]).toEqual([1, 3]);
  for (const epoch of [0, 1, 2]) {
    started[epoch]!();
    await settled();
    expect(await at.storage.list("")).toHaveLength(epoch + 1);
  }
  await queue.finish();
  expect([started.length, queue.length]).toEqual([3, 0]);
});

test("the next is drawn while files are written, the one after only when they are", async () => {
  const { painter, started } = slowPainter();
  let written: () => void = () => {};
  const storage = { ...memoryStorage(), write: () => new Promise<void>((resolve) => (written = resolve)) };
  const queue = new PlotQueue({ ...run(), storage }, { formats: ["svg"], painter });
  for (const epoch of [0, 1, 2]) await queue.add(job(epoch));
  started[0]!();
  await settled();
  started[1]!();
  await settled();
  expect(started).toHaveLength(2);
  written();
  await settled();
  expect(started).toHaveLength(3);
});

test("who adds more than there is room for waits, and is told once", async () => {
  const at = run();
  const { painter, started } = slowPainter();
  const queue = new PlotQueue(at, { formats: ["svg"], painter, room: 2 });
  await queue.add(job(0));
  await queue.add(job(1));
  let added = false;
  const third = queue.add(job(2)).then(() => (added = true));
  await settled();
  expect(added).toBe(false);
  started[0]!();
  await third;
  const fourth = queue.add(job(3));
  started[1]!();
  await fourth;
  expect(at.log).toHaveBeenCalledExactlyOnceWith(
    "warn",
    "plots: 2 figures are waiting to be drawn; saves wait for them from now on (plotEvery asks for fewer)",
    { waiting: 2 },
  );
});

test("a long wait for the last figures is reported now and then", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  const at = run();
  const { painter, started } = slowPainter();
  const queue = new PlotQueue(at, { formats: ["svg"], painter });
  await queue.add(job(0));
  await queue.add(job(1));
  const finished = queue.finish();
  await vi.advanceTimersByTimeAsync(2_900);
  expect(at.log).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(10_200);
  expect(vi.mocked(at.log).mock.calls).toEqual([
    ["info", "plots: 2 figures are still to be drawn", { count: 2 }],
    ["info", "plots: 2 figures are still to be drawn", { count: 2 }],
  ]);
  started[0]!();
  await settled();
  started[1]!();
  await finished;
  expect(vi.getTimerCount()).toBe(0);
});
