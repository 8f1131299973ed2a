import { type CheckedSamples, LARGEST_SAMPLE, nonFiniteSample } from "./validate.js";

/** Index into its data of the first value of row `row`. */
export function rowStart(view: CheckedSamples, row: number): number {
  const inBlock = row % view.blockRows;
  const block = (row - inBlock) / view.blockRows;
  return view.offset + block * view.blockStride + inBlock * view.rowStride;
}

/**
 * Refuses samples, of the rows from `fromRow` up to `toRow`, that hold a value which is not finite, or so large that its
 * square overflows.
 *
 * @throws {NonFiniteError} Naming row, feature and value of the first.
 */
export function checkFiniteSamples(
  caller: string,
  view: CheckedSamples,
  fromRow = 0,
  toRow: number = view.rows,
): void {
  const { data, features, featureStride } = view;
  for (let r = fromRow; r < toRow; r++) {
    let index = rowStart(view, r);
    for (let f = 0; f < features; f++, index += featureStride) {
      const value = data[index]!;
      // Not (|x| ≤ limit) rather than (|x| > limit): NaN is refused, too.
      if (!(Math.abs(value) <= LARGEST_SAMPLE)) throw nonFiniteSample(caller, r, f, value);
    }
  }
}
