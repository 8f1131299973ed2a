import type { Settings } from "./settings.js";

/** Name of the classifier. */
export const OUTPUT = "output";

/**
 * Names of the layers that a network has, in order of the forward pass.
 *
 * @example
 * layerNames({ ...DEFAULTS, depth: 2 }); // ["dense1", "dense2", "output"]
 */
export function layerNames({ network, depth }: Pick<Settings, "network" | "depth">): string[] {
  return [...Array.from({ length: depth }, (_, i) => `${network}${i + 1}`), OUTPUT];
}

/** Number of features of the layer at `index`. */
export function featuresAt({ problem, width, depth }: Settings, index: number): number {
  if (index < depth) return width;
  return problem === "digits" ? 10 : 2;
}
