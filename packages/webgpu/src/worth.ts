import type { PackedRows } from "./packed-rows.js";

/** Products of rows·features² that the kernel takes in while a pass and its results are under way: some milliseconds. */
const LEAST_PRODUCTS = 2 ** 25;

/** Rows, below which it takes longer to put the sums of a result together, features·features of them, than to make them. */
const LEAST_ROWS = 256;

/** float64 is sliced by the processor, at the price of so many features' products. */
const LEAST_FEATURES_DOUBLE = 512;

/** Whether a GPU is worth the way to it and back for these rows in memory. */
export function isWorthAPass({ values, count, features }: PackedRows): boolean {
  if (values instanceof Float64Array && features < LEAST_FEATURES_DOUBLE) return false;
  return count >= LEAST_ROWS && count * features * features >= LEAST_PRODUCTS;
}
