import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { covariance, mergeStates, trace } from "@delve/kernel";
import { layerLike } from "./lib/random.mjs";
import { inTurn } from "./lib/rounds.mjs";
import { milliseconds, table } from "./lib/table.mjs";

export const title =
  "Eight batches of n × d in one and in two workers, states merged (ms of wall time: best (median); both cores must be free)";

const SHAPES = [
  [2048, 256],
  [16384, 256],
  [4096, 512],
  [2048, 2048],
];
const BATCHES = 8;

export async function run() {
  const rows = [];
  for (const shape of SHAPES) rows.push(await measureShape(shape));
  return table(["n × d", "one worker", "two workers", "one / two: best", "median"], rows);
}

async function measureShape([n, features]) {
  const samples = new SharedArrayBuffer(n * features * 4);
  new Float32Array(samples).set(layerLike(n, features, n + features));
  const workers = await Promise.all([0, 1].map(() => start({ samples, features })));
  const half = n / 2;
  const check = sameAsBefore();
  const samplers = {
    one: () => clocked(async () => [await accumulate(workers[0], 0, n)], check),
    two: () =>
      clocked(() => Promise.all([accumulate(workers[0], 0, half), accumulate(workers[1], half, n)]), check),
  };
  const { one, two } = await inTurn(samplers, { rounds: 3 });
  await Promise.all(workers.map((worker) => worker.terminate()));
  const both = ({ least, median }) => `${milliseconds(least)} (${milliseconds(median)})`;
  const ratios = [one.least / two.least, one.median / two.median].map((ratio) => `${ratio.toFixed(2)}×`);
  return [`${n} × ${features}`, both(one), both(two), ...ratios];
}

async function start(workerData) {
  const worker = new Worker(new URL("./lib/update-worker.mjs", import.meta.url), { workerData });
  await once(worker, "message");
  return worker;
}

/** The state of the eight batches' rows from `fromRow` to `toRow`. */
async function accumulate(worker, fromRow, toRow) {
  worker.postMessage({ fromRow, toRow, batches: BATCHES });
  const [state] = await once(worker, "message");
  return state;
}

/** Milliseconds until the merged state is here, and its trace: however the rows are split, it must be the same. */
async function clocked(accumulateAll, check) {
  const begin = performance.now();
  const state = (await accumulateAll()).reduce(mergeStates);
  const elapsed = performance.now() - begin;
  check(trace(covariance(state)));
  return elapsed;
}

function sameAsBefore() {
  let expected;
  return (found) => {
    expected ??= found;
    if (Math.abs(found / expected - 1) < 1e-9) return;
    throw new Error(`parallel: one and two workers must agree, got traces ${expected} and ${found}`);
  };
}
