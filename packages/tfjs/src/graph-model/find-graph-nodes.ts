import { type Log, layerName, nearestName } from "@delve/stats";
import type { Activations } from "../observe.js";
import { type Graph, readGraph } from "./graph.js";
import { type GraphModel, nodeName, topologyOf } from "./graph-model.js";
import { type GraphNode, layersOf, namedNode } from "./graph-nodes.js";

/** Which nodes of a graph model are recorded: names of any nodes, or a choice among those of `graphNodes`. */
export type Nodes = readonly string[] | ((node: GraphNode) => boolean);

/** A node that is recorded, and under which name. */
export interface FoundNode {
  /** The node's own name, unless something else has it. */
  readonly name: string;
  readonly node: GraphNode;
}

/** A graph model, and what is recorded of it. */
export interface FoundGraph {
  readonly model: GraphModel;
  readonly graph: Graph;
  readonly nodes: readonly FoundNode[];
}

/** How a search goes about it. */
export interface Search {
  readonly nodes: Nodes | undefined;
  readonly activations: Activations;
  /** Names that are given already; new ones are added. */
  readonly taken: Set<string>;
  readonly logger: Log;
}

/**
 * The nodes of a graph model that are to be recorded, in the order of the forward pass, or in that of their names
 * where they are named. Says in one warning which of them can be had after their activation function only, if the
 * values before it are asked for.
 *
 * @throws {RangeError} If a name is no node's, or the node's value cannot be had once a pass.
 */
export async function findGraphNodes(model: GraphModel, search: Search): Promise<FoundGraph> {
  const { nodes: wanted, activations, taken } = search;
  const graph = readGraph(await topologyOf(model));
  const nodes = choose(graph, model, wanted, activations);
  if (typeof wanted !== "object" && activations === "pre") warnOfFused(nodes, search.logger);
  return { model, graph, nodes: nodes.map((node) => ({ name: layerName([node.name], taken), node })) };
}

function choose(
  graph: Graph,
  model: GraphModel,
  wanted: Nodes | undefined,
  activations: Activations,
): GraphNode[] {
  if (wanted === undefined) return layersOf(graph, model, activations);
  if (typeof wanted === "function") return layersOf(graph, model, activations).filter(wanted);
  const stranger = wanted.find((name) => !graph.nodes.has(nodeName(name)));
  if (stranger === undefined) return wanted.map((name) => namedNode(graph, name));
  const guess = nearestName(stranger, [...graph.nodes.keys()]);
  const hint = guess === undefined ? "" : `; did you mean ${JSON.stringify(guess)}?`;
  throw new RangeError(`nodes: must be in the model's graph, got ${JSON.stringify(stranger)}${hint}`);
}

function warnOfFused(nodes: readonly GraphNode[], logger: Log): void {
  const fused = nodes.filter(({ activation }) => activation !== null);
  if (fused.length === 0) return;
  const list = fused.map(({ name, activation }) => `"${name}" (${activation})`).join(", ");
  const message = `activations: "pre" is not to be had where the converter has fused a layer with its activation function; recorded after it: ${list}`;
  logger("warn", message, { nodes: fused.map(({ name }) => name) });
}
