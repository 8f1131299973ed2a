import type { Candidate } from "../model/types.js";

/** Candidates that are named one by one. */
const SHOWN = 3;

/** Layers that are left and why, as the end of a message: "none", or the first of them with their reasons. */
export function describeLeft(candidates: readonly Candidate[]): string {
  if (candidates.length === 0) return "none";
  const shown = candidates.slice(0, SHOWN).map(({ layer, reason }) => `${layer} (${reason})`);
  const more = candidates.length - shown.length;
  return `none but those that are left: ${shown.join(", ")}${more > 0 ? `, and ${more} more` : ""}`;
}
