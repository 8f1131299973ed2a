import type { OnnxFunction, OnnxModel, OnnxNode } from "../model/types.js";
import { type LayerOp, layerOp } from "./layer-ops.js";
import type { Scope } from "./scope.js";

/** A call of a function that the model defines. */
export interface FunctionCall {
  readonly function: OnnxFunction;
  /** Operators within it that are layers, calls within calls included. */
  readonly layers: readonly string[];
  /** What its output is like. */
  readonly op: LayerOp;
}

/** Calls of functions within functions that are followed. The format forbids cycles; a damaged file may have one. */
const DEEPEST_CALL = 16;

/** Local functions of a model by the nodes that call them. */
export class Functions {
  readonly #byKey: ReadonlyMap<string, OnnxFunction>;
  readonly #layers = new Map<OnnxFunction, readonly string[]>();

  constructor({ functions }: OnnxModel) {
    this.#byKey = new Map(functions.map((item) => [keyOf(item.domain, item.name), item]));
  }

  /** `undefined` if the node calls no local function, or one without a layer in it. */
  callOf(node: OnnxNode): FunctionCall | undefined {
    const called = this.#byKey.get(keyOf(node.domain, node.opType));
    if (called === undefined) return undefined;
    const layers = this.#layersOf(called, 0);
    if (layers.length === 0) return undefined;
    return { function: called, layers, op: opOf(called, layers) };
  }

  #layersOf(called: OnnxFunction, depth: number): readonly string[] {
    const known = this.#layers.get(called);
    if (known !== undefined || depth > DEEPEST_CALL) return known ?? [];
    // Known as empty while it is looked at, so that a cycle ends.
    this.#layers.set(called, []);
    const layers = new Set<string>();
    for (const node of called.nodes) {
      const inner = this.#byKey.get(keyOf(node.domain, node.opType));
      if (inner !== undefined) for (const layer of this.#layersOf(inner, depth + 1)) layers.add(layer);
      else if (layerOp(node) !== undefined) layers.add(node.opType);
    }
    this.#layers.set(called, [...layers]);
    return [...layers];
  }
}

const keyOf = (domain: string, name: string): string => `${domain} ${name}`;

/** The layout is that of the one layer within; of several, nobody knows which is last. */
function opOf(called: OnnxFunction, layers: readonly string[]): LayerOp {
  const only = layers.length === 1 ? called.nodes.find((node) => layerOp(node) !== undefined) : undefined;
  const inner = only && layerOp(only);
  return {
    kind: inner?.kind ?? "dense",
    weight: null,
    bias: null,
    absorbsAdd: false,
    layout: () => (only !== undefined && inner !== undefined ? inner.layout(only) : { kind: "any" }),
    features: () => undefined,
  };
}

/** The first constant with two axes or more that a call hands to its function. */
export function weightOfCall(scope: Scope, { inputs }: OnnxNode): string | null {
  const isWeight = (input: string) =>
    scope.isConstant(input) && (scope.initializer(input)?.dims.length ?? 2) >= 2;
  return inputs.find((input) => input !== "" && isWeight(input)) ?? null;
}
