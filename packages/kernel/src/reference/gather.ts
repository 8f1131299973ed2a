import { rowStart } from "../finite-samples.js";
import type { CheckedSamples } from "../validate.js";

/** Copies `count` rows from row `from` into `rows`, row-major and contiguous. */
export function gatherRows(view: CheckedSamples, from: number, count: number, rows: Float64Array): void {
  const { data, features, featureStride } = view;
  for (let r = 0, at = 0; r < count; r++) {
    let index = rowStart(view, from + r);
    for (let f = 0; f < features; f++, index += featureStride) rows[at++] = data[index]!;
  }
}
