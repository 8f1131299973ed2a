import type { LayerOutput, OutputData } from "@delve/stats";
import { featureAxis, givesMaps } from "./layer-kinds.js";
import type { Values } from "./readback.js";
import type { Layer } from "./types.js";

/** What a layer put out, wherever its values are. */
export interface Output<Data extends OutputData = Float32Array | Float64Array> {
  readonly data: Data;
  readonly shape: readonly number[];
}

/** A layer's output in the words of `@delve/stats`. */
export function layerOutput<Data extends OutputData>(
  layer: Layer,
  { data, shape }: Output<Data>,
): LayerOutput<Data> {
  if (shape.length <= 2) return { data, shape, kind: "dense" };
  const kind = givesMaps(layer, shape.length) ? "conv" : "sequence";
  const axis = featureAxis(layer, shape.length);
  if (axis === shape.length - 1) return { data, shape, kind, layout: "channelsLast" };
  // Steps before the channels are more samples: the batch goes on, in the same order.
  const samples = product(shape.slice(0, axis));
  return { data, shape: [samples, ...shape.slice(axis)], kind, layout: "channelsFirst" };
}

/**
 * What has been read, as one output.
 *
 * @param parts - One tensor's values; or several, of one shape, whose features stand side by side: the two directions
 * of a bidirectional layer that does not merge them.
 */
export const joined = (parts: readonly Values[]): Output =>
  parts.length === 1 ? single(parts[0]!) : sideBySide(parts);

function single({ data, shape }: Values): Output {
  return { data: data instanceof Float32Array ? data : Float64Array.from(data), shape };
}

function sideBySide(parts: readonly Values[]): Output {
  const shape = [...parts[0]!.shape];
  const width = shape.pop()!;
  const rows = product(shape);
  const features = width * parts.length;
  const data = new Float32Array(rows * features);
  for (const [p, part] of parts.entries()) {
    for (let row = 0; row < rows; row++) {
      for (let f = 0; f < width; f++) data[row * features + p * width + f] = part.data[row * width + f]!;
    }
  }
  return { data, shape: [...shape, features] };
}

const product = (extents: readonly number[]): number => extents.reduce((a, b) => a * b, 1);
