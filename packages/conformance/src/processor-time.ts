import process from "node:process";

/** Milliseconds of processor time that this process spends meanwhile: no more on a machine that is busy with other things. */
export function processorTime(action: () => unknown): number {
  const before = process.cpuUsage();
  action();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
