import { SaturationTracker } from "@delve/tfjs";
import { stopwatch } from "./lib/clock.mjs";
import { milliseconds, table } from "./lib/table.mjs";
import { digits, digitsInference, gallery, tf } from "./lib/tfjs-nets.mjs";

export const title =
  "An epoch in TensorFlow.js without a tracker and with one, saturation at the end (ms: best (median))";

/** Milliseconds that a case takes at least. */
const TIME = 20_000;

const CASES = [
  { name: "MLP of Delve's documentation, training", backend: "cpu", build: gallery },
  { name: "digits CNN, training", backend: "cpu", build: digits },
  { name: "MLP of Delve's documentation, training", backend: "wasm", build: gallery },
  // The wasm backend of tfjs cannot train convolutions.
  { name: "digits CNN, inference", backend: "wasm", build: digitsInference },
];

export async function run() {
  const rows = [];
  for (const entry of CASES) rows.push(await measureCase(entry));
  return table(["network", "tfjs backend", "without", "with", "added"], rows);
}

/**
 * Two networks of the same weights, one of them tracked, take turns, now the one first, now the other. What is added
 * is told by the ratio of neighbours: a machine that slows down for a while slows both.
 */
async function measureCase({ name, backend, build }) {
  await tf.setBackend(backend);
  const [plain, tracked] = [build(), build()];
  const tracker = await SaturationTracker.open({ tf, model: tracked.model, stats: ["lsat"] });
  const [without, withTracker, ratios] = [[], [], []];
  const times = { off: 0, on: 0 };
  const off = async () => (times.off = await elapsed(() => plain.epoch()));
  const on = async () => (times.on = await elapsed(() => trackedEpoch(tracked, tracker)));
  const start = performance.now();
  for (let round = -2; round < 8 || performance.now() - start < TIME; round++) {
    const [first, second] = round % 2 === 0 ? [off, on] : [on, off];
    await first();
    await second();
    if (round < 0) continue; // Engines warm up first.
    without.push(times.off);
    withTracker.push(times.on);
    ratios.push(times.on / times.off);
  }
  await tracker.close();
  const added = `${((median(ratios) - 1) * 100).toFixed(1)} %`;
  return [name, backend, summary(without), summary(withTracker), added];
}

const summary = (times) => `${milliseconds(Math.min(...times))} (${milliseconds(median(times))})`;

function median(values) {
  return values.toSorted((a, b) => a - b)[values.length >> 1];
}

async function elapsed(action) {
  const stop = stopwatch();
  await action();
  return stop();
}

/** In `fit` the callback adds the statistics at the end of the epoch; elsewhere one does it oneself. */
async function trackedEpoch({ epoch }, tracker) {
  const before = tracker.latest;
  await epoch(tracker.callback({ progress: false }));
  if (tracker.latest === before) await tracker.addSaturations();
}
