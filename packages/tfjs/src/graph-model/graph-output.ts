import type { LayerOutput } from "@delve/stats";
import type { Values } from "../readback.js";
import type { GraphNode } from "./graph-nodes.js";

/** What has been read of a node's value, in the words of `@delve/stats`. */
export function graphOutputOf({ family, layout }: GraphNode, { data, shape }: Values): LayerOutput {
  const values = data instanceof Float32Array ? data : Float64Array.from(data);
  if (shape.length <= 2) return { data: values, shape, kind: "dense" };
  const isMap = family === "conv" || shape.length > 3;
  return isMap ? { data: values, shape, kind: "conv", layout } : { data: values, shape, kind: "sequence" };
}
