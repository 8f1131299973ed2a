import process from "node:process";

/**
 * `wall`, or `cpu` where the environment variable DELVE_CLOCK says so: time in which the process had a processor.
 * For machines that others use too. Peers read the same variable.
 */
export const CLOCK = process.env.DELVE_CLOCK === "cpu" ? "cpu" : "wall";

const now = CLOCK === "cpu" ? processorTime : () => performance.now();

function processorTime() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e3;
}

/** Starts a stopwatch: a function that answers the milliseconds since. */
export function stopwatch() {
  const start = now();
  return () => now() - start;
}

/** Milliseconds that `action` takes. */
export function timed(action) {
  const elapsed = stopwatch();
  action();
  return elapsed();
}
