import { execFileSync } from "node:child_process";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { milliseconds, table } from "./lib/table.mjs";

export const title = "First calls in a fresh process (ms: best (median) of 9 processes)";

const PROCESSES = 9;
const CALLS = { eigvalsh: "eigvalsh, d = 256", update: "update, 4096 × 512" };

export function run() {
  const rows = Object.entries(CALLS).map(([name, label]) => {
    const runs = Array.from({ length: PROCESSES }, () => firstCall(name));
    const cell = (of) => bestAndMedian(runs.map(of), milliseconds);
    return [
      label,
      cell((run) => run.load),
      cell((run) => run.first),
      cell((run) => run.warm),
      bestAndMedian(
        runs.map((run) => run.first / run.warm),
        (value) => `${value.toFixed(2)}×`,
      ),
      milliseconds(Math.max(...runs.map((run) => Math.max(run.first, run.slowest)))),
    ];
  });
  return table(
    ["", "loading", "first call", "fastest later", "first / fastest", "slowest call of any process"],
    rows,
  );
}

function firstCall(name) {
  const script = fileURLToPath(new URL("./lib/first-call.mjs", import.meta.url));
  return JSON.parse(execFileSync(process.execPath, [script, name], { encoding: "utf8" }));
}

function bestAndMedian(values, text) {
  const sorted = values.toSorted((a, b) => a - b);
  return `${text(sorted[0])} (${text(sorted[sorted.length >> 1])})`;
}
