import { ShapeError } from "@delve/kernel";
import { show, unknownName } from "../names.js";
import { gridOf, type LayerOutput } from "./layer-output.js";
import {
  INTERPOLATION_STRATEGIES,
  type InterpolationStrategy,
  type ResampleTable,
  resampleTable,
} from "./resample-table.js";

/**
 * A convolution's output with its feature maps brought to size × size, whatever their aspect ratio: what
 * `torch.nn.functional.interpolate` gives for an integer `size` (`align_corners=False`, no antialiasing), for either
 * layout. The result is a copy with the layout and the precision of the input; sums are in float64.
 *
 * @param output - Of kind `conv`, with two axes of places.
 * @throws {ShapeError} If it is not, or the size is not a positive whole number.
 * @throws {RangeError} If the strategy is unknown.
 * @example
 * const map = { data: Float32Array.of(1, 2, 3, 4), shape: [1, 2, 2, 1] };
 * interpolate(map, 1, "area").data; // Float32Array [2.5]
 * interpolate(map, 4, "nearest").data.slice(0, 4); // Float32Array [1, 1, 2, 2]
 */
export function interpolate(output: LayerOutput, size: number, strategy: InterpolationStrategy): LayerOutput {
  checkInterpolationStrategy("interpolate: strategy", strategy);
  if (!(Number.isSafeInteger(size) && size >= 1)) {
    throw new ShapeError(`interpolate: size must be a positive whole number, got ${show(size)}`);
  }
  const { kind } = gridOf(output);
  const { shape, layout = "channelsLast" } = output;
  if (kind !== "conv" || shape.length !== 4) {
    throw new ShapeError(
      `interpolate: needs a conv output with two axes of places, got ${kind} of shape [${shape.join(", ")}]`,
    );
  }
  const last = layout === "channelsLast";
  const [samples = 0, a = 0, b = 0, c = 0] = shape;
  const [height, width, channels] = last ? [a, b, c] : [b, c, a];
  const maps = {
    samples,
    // The maps of a sample one after the other, or all in one with a vector at each place.
    outer: last ? 1 : channels,
    inner: last ? channels : 1,
    rows: resampleTable(strategy, height, size),
    columns: resampleTable(strategy, width, size),
  };
  return {
    ...output,
    data: resampleMaps(output.data, maps),
    shape: last ? [samples, size, size, channels] : [samples, channels, size, size],
  };
}

/**
 * Refuses a name that is no way of interpolating feature maps.
 *
 * @throws {RangeError} The message lists those there are.
 */
export function checkInterpolationStrategy(where: string, strategy: unknown): void {
  if (strategy === "linear" || strategy === "trilinear") {
    const axes = strategy === "linear" ? "one axis" : "three axes";
    throw new RangeError(
      `${where}: must suit feature maps, which have two axes ("bilinear" does), got "${strategy}", which is for ${axes}`,
    );
  }
  if (!INTERPOLATION_STRATEGIES.includes(strategy as InterpolationStrategy)) {
    throw unknownName(where, strategy, INTERPOLATION_STRATEGIES);
  }
}

interface Maps {
  readonly samples: number;
  readonly outer: number;
  readonly inner: number;
  readonly rows: ResampleTable;
  readonly columns: ResampleTable;
}

/** Rows first, then columns, a sample at a time so that the scratch space between the two stays small. */
function resampleMaps(
  data: Float32Array | Float64Array,
  { samples, outer, inner, rows, columns }: Maps,
): Float32Array | Float64Array {
  const narrow = new Float64Array(outer * rows.to * columns.from * inner);
  const sample = new Float64Array(outer * rows.to * columns.to * inner);
  const result =
    data instanceof Float32Array
      ? new Float32Array(samples * sample.length)
      : new Float64Array(samples * sample.length);
  const length = data.length / samples;
  for (let s = 0; s < samples; s++) {
    resampleAxis(data.subarray(s * length, (s + 1) * length), outer, columns.from * inner, rows, narrow);
    resampleAxis(narrow, outer * rows.to, inner, columns, sample);
    result.set(sample, s * sample.length);
  }
  return result;
}

/** Resamples the middle axis of a source of shape outer × table.from × inner. */
function resampleAxis(
  source: Float32Array | Float64Array,
  outer: number,
  inner: number,
  { from, to, taps, index, weight }: ResampleTable,
  target: Float64Array,
): void {
  for (let block = 0; block < outer; block++) {
    for (let o = 0; o < to; o++) {
      const out = (block * to + o) * inner;
      for (let t = 0; t < taps; t++) {
        const w = weight[o * taps + t]!;
        const start = (block * from + index[o * taps + t]!) * inner;
        if (t === 0) for (let i = 0; i < inner; i++) target[out + i] = w * source[start + i]!;
        else for (let i = 0; i < inner; i++) target[out + i] = target[out + i]! + w * source[start + i]!;
      }
    }
  }
}
