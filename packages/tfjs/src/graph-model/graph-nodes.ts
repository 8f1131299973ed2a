import type { Activations } from "../observe.js";
import { conditionalNodes } from "./control-flow.js";
import { type Graph, type Node, nodesFor, readGraph, textOf, textsOf } from "./graph.js";
import { type GraphModel, nodeName, outputNodeOf, topologyOf } from "./graph-model.js";

/** A node of a graph model whose value can be recorded. */
export interface GraphNode {
  /** Name of the node: `model.execute(x, name)` gives its value. */
  readonly name: string;
  /** What computes the value: `Conv2D`, `_FusedMatMul`, …; for a layer, the operation with the weights. */
  readonly op: string;
  /** What the layer does; `other` for a node that belongs to none. */
  readonly family: "linear" | "conv" | "other";
  /** Activation function that the value has gone through (`Relu`), or `null`. */
  readonly activation: string | null;
  /** Where the channels of a feature map lie. */
  readonly layout: "channelsLast" | "channelsFirst";
}

/** Operations with weights, which are their second operand, by what they do. */
const WEIGHTED: Readonly<Record<string, GraphNode["family"]>> = {
  MatMul: "linear",
  _FusedMatMul: "linear",
  BatchMatMul: "linear",
  BatchMatMulV2: "linear",
  Conv1D: "conv",
  Conv2D: "conv",
  _FusedConv2D: "conv",
  Conv2DBackpropInput: "conv",
  DepthwiseConv2d: "conv",
  DepthwiseConv2dNative: "conv",
  FusedDepthwiseConv2dNative: "conv",
  Conv3D: "conv",
};
const SUMS = new Set(["BiasAdd", "Add", "AddV2"]);
const ACTIVATIONS = new Set(
  "Relu Relu6 LeakyRelu Prelu Elu Selu Sigmoid Tanh Softplus Softmax LogSoftmax".split(" "),
);

/**
 * The layers of a graph model: every product of a value with constant weights (matrix products and convolutions,
 * fused or not) that each pass computes once, in the order of the forward pass.
 *
 * A layer goes by the node whose value is recorded. Before its activation function that is the one that adds the bias,
 * or else the product. A fused node (`_FusedConv2D` with `Relu`) gives its value after the function only, and
 * `activation` says so.
 *
 * @param activations - Whether the value before a layer's activation function is asked for or the one after it; before
 * it when left out.
 * @example
 * import * as tf from "@tensorflow/tfjs";
 * // Any model that `tf.loadGraphModel` gives; here x · w, written by hand.
 * const node = [
 *   { name: "x", op: "Placeholder" },
 *   { name: "w", op: "Const", attr: { dtype: { type: "DT_FLOAT" } } },
 *   { name: "dense/MatMul", op: "MatMul", input: ["x", "w"] },
 * ];
 * const weightSpecs = [{ name: "w", shape: [2, 3], dtype: "float32" }];
 * const parts = { modelTopology: { node, versions: {} }, weightSpecs, weightData: new ArrayBuffer(24) };
 * const model = await tf.loadGraphModel(tf.io.fromMemory(parts));
 * (await graphNodes(model)).map(({ name, family }) => `${family} ${name}`); // ["linear dense/MatMul"]
 */
export async function graphNodes(
  model: GraphModel,
  activations: Activations = "pre",
): Promise<readonly GraphNode[]> {
  return layersOf(readGraph(await topologyOf(model)), model, activations);
}

/** The layers of a graph that is at hand. */
export function layersOf(graph: Graph, model: GraphModel, activations: Activations): GraphNode[] {
  const outputs = model.outputNodes.map((name) => outputNodeOf(model, name));
  const ordered = nodesFor(graph, outputs);
  const varying = varyingNodes(ordered);
  const conditional = conditionalNodes(graph, ordered);
  return ordered.flatMap((node): GraphNode[] => {
    const family = WEIGHTED[node.op];
    const isLayer = family && varying.has(node.name) && !varying.has(node.inputs[1]!);
    if (!isLayer || conditional.has(node.name)) return [];
    const { value, activation } = layerValue(graph, varying, node, activations);
    return [{ name: value.name, op: node.op, family, activation, layout: layoutOf(graph, node) }];
  });
}

/**
 * A node that somebody has named.
 *
 * @throws {RangeError} If its value is no pass's doing: an input, a constant, or a node inside a branch or a loop.
 */
export function namedNode(graph: Graph, name: string): GraphNode {
  const node = graph.nodes.get(nodeName(name))!;
  const ordered = nodesFor(graph, [node.name]);
  const refuse = (what: string) =>
    new RangeError(`nodes: must be computed once in each pass, got ${JSON.stringify(name)}, ${what}`);
  if (node.op.startsWith("Placeholder")) throw refuse("an input");
  if (!varyingNodes(ordered).has(node.name)) throw refuse("a constant");
  if (conditionalNodes(graph, ordered).has(node.name)) throw refuse("which is inside a branch or a loop");
  const isActivation = ACTIVATIONS.has(node.op);
  return {
    name,
    op: node.op,
    family: WEIGHTED[node.op] ?? "other",
    activation: isActivation ? node.op : fusedActivation(node),
    layout: layoutOf(graph, node),
  };
}

/** Names of the nodes whose values hang on an input. */
function varyingNodes(ordered: readonly Node[]): Set<string> {
  const varying = new Set<string>();
  for (const { name, op, inputs } of ordered) {
    if (op.startsWith("Placeholder") || inputs.some((input) => varying.has(input))) varying.add(name);
  }
  return varying;
}

interface LayerValue {
  readonly value: Node;
  readonly activation: string | null;
}

/** Follows a layer from its product over its bias to its activation function, as far as is asked for. */
function layerValue(
  graph: Graph,
  varying: ReadonlySet<string>,
  product: Node,
  activations: Activations,
): LayerValue {
  const fused = fusedActivation(product);
  if (fused !== null) return { value: product, activation: fused };
  const next = onlyConsumer(graph, product);
  const isBias = next && SUMS.has(next.op) && next.inputs.filter((input) => varying.has(input)).length === 1;
  const value = isBias ? next : product;
  const after = onlyConsumer(graph, value);
  if (activations === "pre" || !after || !ACTIVATIONS.has(after.op)) return { value, activation: null };
  return { value: after, activation: after.op };
}

function onlyConsumer({ consumers }: Graph, { name }: Node): Node | undefined {
  const [first, ...others] = consumers.get(name) ?? [];
  return others.length === 0 ? first : undefined;
}

/** The function that a fused node ends with. */
function fusedActivation(node: Node): string | null {
  return textsOf(node, "fused_ops").find((op) => ACTIVATIONS.has(op)) ?? null;
}

/** A node's own word on where channels lie, or that of the nearest before it that has one. */
function layoutOf({ nodes }: Graph, from: Node): GraphNode["layout"] {
  const visited = new Set<Node>();
  for (
    let node: Node | undefined = from;
    node && !visited.has(node);
    node = nodes.get(node.inputs[0] ?? "")
  ) {
    visited.add(node);
    const format = textOf(node, "data_format");
    if (format !== undefined) return format.startsWith("NC") ? "channelsFirst" : "channelsLast";
  }
  return "channelsLast";
}
