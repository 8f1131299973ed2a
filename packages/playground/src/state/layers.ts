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

/** Numbers that the first layer works on at a time: all of an input, or what lies under a filter. */
export function inputsOf({ problem, network, resolution }: Settings): number {
  if (problem !== "digits") return 2;
  return network === "conv" ? 9 : resolution ** 2;
}

/** Number of features of the layer at `index`. */
export function featuresAt(settings: Settings, index: number): number {
  return index < settings.depth ? settings.width : classesOf(settings);
}

/** What there is to tell apart. */
export const classesOf = ({ problem }: Pick<Settings, "problem">): number => (problem === "digits" ? 10 : 2);
