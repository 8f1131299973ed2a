import type { Phase } from "@delve/stats";
import { PHASE_NAMES } from "../figures/spectra.js";
import { type Control, menu } from "./inputs.js";

/** A menu of the samples that a figure tells of. */
export function phaseMenu(id: string, take: (phase: Phase) => void): Control<Phase> {
  const control = menu<Phase>(
    { id, label: "Samples", say: (phase) => PHASE_NAMES[phase] },
    ["eval", "train"],
    take,
  );
  control.set("eval");
  return control;
}
