import { once } from "node:events";
import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";

/**
 * Measures all runs on as many threads as the machine has processors, four at most.
 *
 * @param onDone - Called with each run and its result when it is there.
 * @returns The results, in the order of the runs.
 */
export async function measureAll(runs, onDone) {
  const results = [];
  let next = 0;
  const work = async () => {
    const worker = new Worker(new URL("./worker.js", import.meta.url));
    while (next < runs.length) {
      const i = next++;
      worker.postMessage(runs[i]);
      [results[i]] = await once(worker, "message");
      onDone(runs[i], results[i]);
    }
    await worker.terminate();
  };
  const threads = Math.min(4, availableParallelism(), runs.length);
  await Promise.all(Array.from({ length: threads }, work));
  return results;
}
