import type { LayerOutput, OutputData } from "@delve/stats";
import type { TapLayout } from "../model/types.js";

/** Values that a session gave. */
export interface Values<Data extends OutputData = Float32Array | Float64Array> {
  readonly data: Data;
  readonly dims: readonly number[];
}

/**
 * A layer's values in the words of `@delve/stats`. Nothing is copied, apart from those of recurrent layers with
 * several directions or samples, whose axes lie in another order: those have to be in memory.
 */
export function layerOutputOf<Data extends OutputData>(
  layout: TapLayout,
  values: Values<Data>,
): LayerOutput<Data> {
  const { data, dims } = values;
  if (layout.kind === "conv") return { data, shape: dims, kind: "conv", layout: layout.layout };
  if (layout.kind === "recurrent" && dims.length === 4) {
    return sequenceOf(values as Values, layout.batchFirst) as LayerOutput<Data>;
  }
  if (layout.kind === "any" && dims.length > 3) {
    return { data, shape: dims, kind: "conv", layout: "channelsFirst" };
  }
  if (dims.length <= 2) return { data, shape: dims.length === 2 ? dims : [1, product(dims)], kind: "dense" };
  const steps = product(dims.slice(1, -1));
  return { data, shape: [dims[0]!, steps, dims.at(-1)!], kind: "sequence" };
}

/** The axes [steps, directions, samples, features], or samples first, as [samples, steps, directions · features]. */
function sequenceOf({ data, dims }: Values, batchFirst: boolean): LayerOutput {
  const [first, second, third, features] = dims as [number, number, number, number];
  if (batchFirst) return { data, shape: [first, second, third * features], kind: "sequence" };
  const [steps, directions, samples] = [first, second, third];
  const shape = [samples, steps, directions * features];
  if (samples === 1) return { data, shape, kind: "sequence" };
  const sequence = data.slice();
  for (let t = 0, from = 0; t < steps; t++) {
    for (let k = 0; k < directions; k++) {
      for (let s = 0; s < samples; s++, from += features) {
        sequence.set(data.subarray(from, from + features), ((s * steps + t) * directions + k) * features);
      }
    }
  }
  return { data: sequence, shape, kind: "sequence" };
}

const product = (extents: readonly number[]): number => extents.reduce((a, b) => a * b, 1);
