import { shadow } from "../shadow.js";
import type { Tensor } from "../types.js";
import type { FoundGraph, FoundNode } from "./find-graph-nodes.js";
import { nodesFor } from "./graph.js";
import { fedNodes, type GraphInputs, nodeName, outputNodeOf } from "./graph-model.js";

/** Someone who wants to see the values of nodes. */
export interface NodeObserver {
  /** Whether the node's value in the pass to come is wanted; asked once a pass that computes it. */
  wants(node: FoundNode): boolean;
  /** Called when the pass is done. The tensor may be disposed as soon as this returns. */
  observe(node: FoundNode, value: Tensor): void;
}

type Next = (...args: unknown[]) => unknown;

/** How one way of calling the model goes: which nodes it computes. */
interface Route {
  readonly requested: readonly string[];
  readonly nodes: readonly FoundNode[];
}

/**
 * Shows the values of nodes to an observer, in every pass (`execute`, `executeAsync`, and so `predict` and
 * `predictAsync`) that computes them anyway, until the returned function is called. A pass gives what it would give
 * without, and nothing more is computed: the nodes are merely asked for along with what the caller asks for.
 */
export function observeGraphModel(found: FoundGraph, observer: NodeObserver): () => void {
  const { model } = found;
  const routeOf = routes(found);
  const undo = ["execute", "executeAsync"].map((key) =>
    shadow(model, key, (next, args) => {
      const route = routeOf(args[0] as GraphInputs, args[1] as string | string[] | undefined);
      const wanted = route.nodes.filter((node) => observer.wants(node));
      return wanted.length === 0 ? next(...args) : passWith(wanted, route.requested, observer, next, args[0]);
    }),
  );
  return () => {
    for (const remove of undo) remove();
  };
}

/** Which of the found nodes a call computes; worked out once for each way of calling. */
function routes({ model, graph, nodes }: FoundGraph) {
  const known = new Map<string, Route>();
  return (inputs: GraphInputs, outputs: string | readonly string[] = model.outputNodes): Route => {
    const requested = typeof outputs === "string" ? [outputs] : outputs;
    const fed = fedNodes(model, inputs);
    const key = JSON.stringify([requested, fed]);
    let route = known.get(key);
    if (!route) {
      const targets = requested.map((name) => outputNodeOf(model, name));
      const computed = new Set(nodesFor(graph, targets, new Set(fed)).map(({ name }) => name));
      route = { requested, nodes: nodes.filter(({ node }) => computed.has(nodeName(node.name))) };
      known.set(key, route);
    }
    return route;
  };
}

function passWith(
  wanted: readonly FoundNode[],
  requested: readonly string[],
  observer: NodeObserver,
  next: Next,
  inputs: unknown,
): unknown {
  // With the number of its output a name is a node's, never the public name of some other node.
  const names = wanted.map(({ node: { name } }) => (name.includes(":") ? name : `${name}:0`));
  const done = (result: unknown) => {
    const tensors = (Array.isArray(result) ? result : [result]) as Tensor[];
    const own = tensors.slice(0, requested.length);
    const taps = tensors.slice(requested.length);
    try {
      for (const [i, node] of wanted.entries()) observer.observe(node, taps[i]!);
    } finally {
      // The caller's tensors stay: a node that it asks for itself is the very same tensor, and one that only passes on
      // an input may be the input.
      const theirs = new Set([...own, ...Object.values(inputs as object), inputs]);
      for (const tap of new Set(taps)) if (!theirs.has(tap)) tap.dispose();
    }
    return own.length > 1 ? own : own[0];
  };
  const result = next(inputs, [...requested, ...names]);
  return result instanceof Promise ? result.then(done) : done(result);
}
