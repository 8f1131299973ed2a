import { Bench } from "tinybench";

/** Keeps results alive, so that no engine can drop the work that made them. */
export const sink = { value: 0 };

/**
 * Times `action` after a warm-up: at least `iterations` runs and at least `time` ms.
 *
 * @returns {Promise<{ best: number, mean: number, deviation: number, runs: number }>} Milliseconds.
 */
export async function measure(action, { iterations = 3, time = 400, warmup = true } = {}) {
  const bench = new Bench({ iterations, time, warmup, warmupIterations: 1, warmupTime: 50, throws: true });
  bench.add("action", () => {
    sink.value += Number(action()) || 0;
  });
  await bench.run();
  const { latency } = bench.tasks[0].result;
  return { best: latency.min, mean: latency.mean, deviation: latency.sd, runs: latency.samplesCount };
}
