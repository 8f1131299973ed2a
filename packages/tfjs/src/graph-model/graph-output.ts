import type { LayerOutput, OutputData } from "@delve/stats";
import type { Output } from "../output.js";
import type { GraphNode } from "./graph-nodes.js";

/** A node's value in the words of `@delve/stats`. */
export function graphOutput<Data extends OutputData>(
  { family, layout }: GraphNode,
  { data, shape }: Output<Data>,
): LayerOutput<Data> {
  if (shape.length <= 2) return { data, shape, kind: "dense" };
  const isMap = family === "conv" || shape.length > 3;
  return isMap ? { data, shape, kind: "conv", layout } : { data, shape, kind: "sequence" };
}
