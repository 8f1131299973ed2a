import { execFileSync } from "node:child_process";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { milliseconds, table } from "./lib/table.mjs";

export const title =
  "Import and first result in a fresh process: saturation of 200 × 20 samples (best (median) of 15 processes)";

const PROCESSES = 15;
const LIBRARIES = ["@delve/core", "ml-matrix"];

/** The libraries take turns, so that what else the machine does meets both. */
export function run() {
  const runs = Array.from({ length: PROCESSES }, () => LIBRARIES.map(firstResult));
  for (const [ours, theirs] of runs) {
    if (ours.result !== theirs.result) {
      throw new Error(`first-result: both must find the same, got ${ours.result} and ${theirs.result}`);
    }
  }
  const steps = ["imported", "first", "total"];
  const rows = LIBRARIES.map((library, at) => [
    library,
    ...steps.map((step) => bestAndMedian(runs.map((pair) => pair[at][step]))),
  ]);
  const ratio = (step) => {
    const [ours, theirs] = LIBRARIES.map((_, at) => sorted(runs.map((pair) => pair[at][step])));
    return `${(theirs[0] / ours[0]).toFixed(2)}× (${(middle(theirs) / middle(ours)).toFixed(2)}×)`;
  };
  return table(
    ["", "import", "first result", "both"],
    [...rows, ["ml-matrix / @delve/core", ...steps.map(ratio)]],
  );
}

function firstResult(library) {
  const script = fileURLToPath(new URL("./lib/first-result.mjs", import.meta.url));
  return JSON.parse(execFileSync(process.execPath, [script, library], { encoding: "utf8" }));
}

function bestAndMedian(values) {
  const inOrder = sorted(values);
  return `${milliseconds(inOrder[0])} (${milliseconds(middle(inOrder))})`;
}

function sorted(values) {
  return values.toSorted((a, b) => a - b);
}

function middle(inOrder) {
  return inOrder[inOrder.length >> 1];
}
