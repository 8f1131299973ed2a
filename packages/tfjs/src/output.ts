import type { LayerOutput } from "@delve/stats";
import type { FoundLayer } from "./layers.js";
import type { Values } from "./readback.js";

/** What has been read of a layer's output tensor, in the words of `@delve/stats`. */
export function outputOf({ layer, kind }: FoundLayer, { data, shape }: Values): LayerOutput {
  const values = data instanceof Float32Array ? data : Float64Array.from(data);
  if (kind.family !== "conv") return { data: values, shape, kind: shape.length === 2 ? "dense" : "sequence" };
  // Convolutions keep their layout as a field that their types hide.
  const { dataFormat } = layer as { dataFormat?: string };
  const layout = dataFormat === "channelsFirst" ? "channelsFirst" : "channelsLast";
  return { data: values, shape, kind: "conv", layout };
}
