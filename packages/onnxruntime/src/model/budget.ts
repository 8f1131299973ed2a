import { limit } from "../protobuf/field-reader.js";

/** Nodes, values, constants, names and numbers that are read of one model: fifty times as many as the largest have. */
export const MOST_ITEMS = 4_000_000;
/** Graphs within graphs. Real models have two or three levels. */
export const DEEPEST_NESTING = 32;

/**
 * Counts what is made while a model is read. A node takes two bytes of a file and hundreds of memory, so that
 * without it a file of 2 GB could ask for all memory there is.
 */
export class Budget {
  #left: number;

  constructor(items: number = MOST_ITEMS) {
    this.#left = items;
  }

  /** Takes one item, found at a byte of the model. */
  take(offset: number): void {
    if (this.#left-- > 0) return;
    throw limit(`a model must have at most ${MOST_ITEMS} nodes, values and names, got more`, offset);
  }
}
