import { forward, type Graph, type Node } from "./graph.js";

/**
 * Names of the nodes that not every pass computes, or that a pass computes several times: those inside branches and
 * loops (Switch … Merge; Enter … Exit). tfjs gives no value of them by name.
 *
 * @param ordered - Every node after those whose values it needs, as `nodesFor` gives them.
 */
export function conditionalNodes({ nodes }: Graph, ordered: readonly Node[]): Set<string> {
  const depths = new Map<string, number>();
  for (const node of ordered) {
    const before = forward(nodes, node).map((name) => depths.get(name) ?? 0);
    const isLoop = before.length < node.inputs.length;
    depths.set(node.name, Math.max(0, ...before) + stepOf(node.op, isLoop));
  }
  return new Set([...depths].flatMap(([name, depth]) => (depth > 0 ? name : [])));
}

/** How much deeper a node leads: a loop is entered by Enter and Switch, and left by Exit. */
function stepOf(op: string, isLoop: boolean): number {
  if (op === "Enter" || op === "Switch") return 1;
  if (op === "Exit") return -2;
  return op === "Merge" && !isLoop ? -1 : 0;
}
