import { readCase } from "@delve/conformance";
import type { Phase, SaveRecord, TidyRecord } from "../../src/records.js";
import { saveOf, scalar, stat } from "./saves.js";

type Call =
  | readonly ["add_scalar", name: string, value: number]
  | readonly ["add_scalars", tag: string, values: Readonly<Record<string, number>>]
  | readonly ["save"];

/** What Delve's own tracker handed to its writer at each save of `writers/csv_3_epochs`. */
export function goldenSaves(): SaveRecord[] {
  const { steps } = readCase<{ steps: readonly { calls: readonly Call[] }[] }>(
    "writers/csv_3_epochs/case.json",
  );
  return steps.map(({ calls }, epoch) => saveOf(epoch, ...calls.flatMap(recordsOf)));
}

function recordsOf(call: Call): TidyRecord[] {
  if (call[0] === "add_scalar") return [scalar(call[1], call[2])];
  if (call[0] === "save") return [];
  return Object.entries(call[2]).map(([column, value]) => {
    const [, phase, label, layer] = /^(train|eval)-(.+?)_(.+)$/.exec(column) as string[] as [
      string,
      Phase,
      string,
      string,
    ];
    return stat({ phase, label, layer, stat: label, value, integer: label === "intrinsic-dimensionality" });
  });
}
