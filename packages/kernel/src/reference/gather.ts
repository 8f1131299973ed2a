import { type CheckedSamples, LARGEST_SAMPLE, nonFiniteSample } from "../validate.js";

/** Index into its data of the first value of row `row`. */
function rowStart(view: CheckedSamples, row: number): number {
  const inBlock = row % view.blockRows;
  const block = (row - inBlock) / view.blockRows;
  return view.offset + block * view.blockStride + inBlock * view.rowStride;
}

/** Copies `count` rows from row `from` into `rows`, row-major and contiguous. */
export function gatherRows(view: CheckedSamples, from: number, count: number, rows: Float64Array): void {
  const { data, features, featureStride } = view;
  for (let r = 0, at = 0; r < count; r++) {
    let index = rowStart(view, from + r);
    for (let f = 0; f < features; f++, index += featureStride) rows[at++] = data[index]!;
  }
}

/**
 * Refuses samples that hold a value which is not finite, or so large that its square overflows.
 *
 * @throws {NonFiniteError} Naming row, feature and value of the first.
 */
export function checkFiniteSamples(caller: string, view: CheckedSamples): void {
  const { data, rows, features, featureStride } = view;
  for (let r = 0; r < rows; r++) {
    let index = rowStart(view, r);
    for (let f = 0; f < features; f++, index += featureStride) {
      const value = data[index]!;
      // Not (|x| ≤ limit) rather than (|x| > limit): NaN is refused, too.
      if (!(Math.abs(value) <= LARGEST_SAMPLE)) throw nonFiniteSample(caller, r, f, value);
    }
  }
}
