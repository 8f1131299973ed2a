import { nodeName } from "./graph-model.js";

/** A node of a TensorFlow graph. */
export interface Node {
  readonly name: string;
  readonly op: string;
  /** Nodes whose values it takes, in order. */
  readonly inputs: readonly string[];
  readonly attributes: Readonly<Record<string, Attribute>>;
}

/** An attribute of a node: strings are base64 in JSON, bytes where the model came from a protobuf. */
export interface Attribute {
  readonly s?: Bytes;
  readonly list?: { readonly s?: readonly Bytes[] };
}

type Bytes = string | ArrayLike<number>;

/** A graph, by the names of its nodes. */
export interface Graph {
  readonly nodes: ReadonlyMap<string, Node>;
  /** Who takes a node's value. */
  readonly consumers: ReadonlyMap<string, readonly Node[]>;
}

/**
 * Reads a GraphDef.
 *
 * @throws {TypeError} If it has no list of nodes.
 */
export function readGraph(topology: unknown): Graph {
  interface NodeDef {
    name: string;
    op: string;
    input?: string[] | null;
    attr?: Record<string, Attribute> | null;
  }
  const { node } = (topology ?? {}) as { node?: NodeDef[] };
  if (!Array.isArray(node)) throw new TypeError(`readGraph: a graph must have nodes, got ${typeof node}`);
  const nodes = new Map<string, Node>();
  const consumers = new Map<string, Node[]>();
  for (const { name, op, input, attr } of node) {
    // "^name" is a control input: it orders, and hands no value on.
    const inputs = (input ?? []).filter((from) => !from.startsWith("^")).map(nodeName);
    const parsed = { name, op, inputs, attributes: attr ?? {} };
    nodes.set(name, parsed);
    for (const from of new Set(inputs)) consumers.set(from, [...(consumers.get(from) ?? []), parsed]);
  }
  return { nodes, consumers };
}

/** A string attribute, or `undefined`. */
export function textOf({ attributes }: Node, key: string): string | undefined {
  const value = attributes[key]?.s;
  return value === undefined ? undefined : decoded(value);
}

/** A list of strings, empty where there is none. */
export function textsOf({ attributes }: Node, key: string): string[] {
  return (attributes[key]?.list?.s ?? []).map(decoded);
}

function decoded(value: Bytes): string {
  if (typeof value !== "string") return String.fromCharCode(...Array.from(value));
  const { atob } = globalThis as unknown as { atob(text: string): string };
  return atob(value);
}

/**
 * The nodes that it takes to compute some of them, each after those whose values it needs.
 *
 * @param fed - Nodes whose values are given: neither they nor what only they need is among the result.
 */
export function nodesFor(
  { nodes }: Graph,
  wanted: readonly string[],
  fed: ReadonlySet<string> = new Set(),
): Node[] {
  const ordered: Node[] = [];
  const seen = new Set<string>(fed);
  // A node is met twice: on the way down its inputs are put before it, on the way up it is taken. No recursion, as a
  // graph may be thousands of nodes deep.
  const open = wanted.map((name) => ({ name, up: false })).reverse();
  for (let step = open.pop(); step !== undefined; step = open.pop()) {
    const node = nodes.get(step.name);
    if (!node) continue;
    if (step.up) ordered.push(node);
    if (step.up || seen.has(node.name)) continue;
    seen.add(node.name);
    open.push({ name: node.name, up: true });
    for (const name of [...forward(nodes, node)].reverse()) open.push({ name, up: false });
  }
  return ordered;
}

/** The inputs of a node but for the way back of a loop. */
export function forward(nodes: ReadonlyMap<string, Node>, { inputs }: Node): readonly string[] {
  return inputs.filter((name) => nodes.get(name)?.op !== "NextIteration");
}
