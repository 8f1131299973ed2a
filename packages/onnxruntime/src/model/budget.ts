import { limit } from "../protobuf/field-reader.js";

/** Units of a whole model: ten times what the largest need, and some hundred megabytes of memory at most. */
const MOST_UNITS = 4_000_000;
/** What a node costs: a quarter of a million of them are read. */
export const NODE = 16;
/** What any other message costs, as a value or a constant. */
export const MESSAGE = 4;
/** What a name or a number in a list costs. */
export const ENTRY = 1;

/** Graphs within graphs. Real models have two or three levels. */
export const DEEPEST_NESTING = 32;
/** Axes of a tensor. Runtimes stop at eight or sixteen. */
export const MOST_AXES = 64;

/**
 * Counts what is made while a model is read. A node takes two bytes of a file and hundreds of memory, so that
 * without it a file of 2 GB could ask for all memory there is.
 */
export class Budget {
  #left = MOST_UNITS;

  /** Takes some units for what is found at a byte of the model. */
  take(offset: number, units: number): void {
    this.#left -= units;
    if (this.#left >= 0) return;
    throw limit(
      `a model must have at most ${MOST_UNITS / NODE} nodes, with values and names to match, got more`,
      offset,
    );
  }
}
