import process from "node:process";

/**
 * Takes samples in turn, round after round, so that whatever disturbs the machine disturbs all of them alike.
 *
 * @param samplers - By name: functions that do the work once and return, or promise, a number: milliseconds, GFLOP/s.
 * @param options - At least `rounds` of them, and as many as fit into `time` ms; `warmUp` takes one before. The
 * environment variable DELVE_ROUNDS, which `--rounds` sets, stands for both.
 * @returns {Promise<Record<string, { least: number, median: number, most: number, runs: number }>>} By name.
 */
export async function inTurn(samplers, { rounds = 5, time = 2000, warmUp = true } = {}) {
  const asked = Number(process.env.DELVE_ROUNDS);
  const enough = (round, elapsed) => (asked ? round >= asked : round >= rounds && elapsed >= time);
  const entries = Object.entries(samplers).filter(([, sample]) => sample !== undefined);
  const taken = new Map(entries.map(([name]) => [name, []]));
  if (warmUp) for (const [, sample] of entries) await sample();
  const start = performance.now();
  for (let round = 0; !enough(round, performance.now() - start); round++) {
    for (const [name, sample] of entries) taken.get(name).push(await sample());
  }
  return Object.fromEntries(entries.map(([name]) => [name, summary(taken.get(name))]));
}

function summary(values) {
  values.sort((a, b) => a - b);
  const runs = values.length;
  return { least: values[0], median: values[runs >> 1], most: values[runs - 1], runs };
}
