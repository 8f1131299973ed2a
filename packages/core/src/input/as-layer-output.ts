import type { LayerOutput, Layout, OutputKind } from "@delve/stats";
import { asTensorView } from "./as-tensor-view.js";
import { contiguous, sizeOf } from "./tensor-view.js";

/** What the axes of a batch with more than two mean. */
export interface AxesOptions {
  /** Where the features of a batch with three or more axes stand; `channelsLast` when left out. */
  readonly layout?: Layout | undefined;
  /** When left out, by the number of axes: 2 dense, 3 sequence, 4 or more conv. */
  readonly kind?: OutputKind | undefined;
}

/**
 * Reads any accepted input, of any number of axes, as a layer's output; copied only where its strides leave gaps or
 * its numbers are neither float32 nor float64.
 *
 * @param caller - The public function that the user called, for errors.
 * @throws {ShapeError} If lengths, shape and strides do not fit together.
 * @throws {TypeError} If `x` is none of the accepted forms, or holds something else than numbers.
 */
export function asLayerOutput(caller: string, x: unknown, { layout, kind }: AxesOptions = {}): LayerOutput {
  const { data, shape, offset } = contiguous(asTensorView(caller, x));
  return {
    data: data.subarray(offset, offset + sizeOf(shape)),
    shape,
    ...(layout !== undefined && { layout }),
    ...(kind !== undefined && { kind }),
  };
}
