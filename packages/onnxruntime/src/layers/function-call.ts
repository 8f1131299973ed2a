import type { OnnxFunction, OnnxModel, OnnxNode, OnnxTensor } from "../model/types.js";
import { type LayerOp, layerOp } from "./layer-ops.js";
import type { Scope } from "./scope.js";

/** What is known of a function that has layers in it. */
interface LayersWithin {
  /** Their operators, calls within calls included. */
  readonly operators: readonly string[];
  /** Whether one of them has its weight in the function itself, or needs none. */
  readonly isComplete: boolean;
}

/** A call of a function that the model defines, with a layer in it. */
export interface FunctionCall extends LayersWithin {
  /** What its output is like. */
  readonly op: LayerOp;
}

/** Calls of functions within functions that are followed. The format forbids cycles; a damaged file may have one. */
const DEEPEST_CALL = 16;

const NOTHING: LayersWithin = { operators: [], isComplete: false };

/** Local functions of a model by the nodes that call them. */
export class Functions {
  readonly #byKey: ReadonlyMap<string, OnnxFunction>;
  readonly #known = new Map<OnnxFunction, LayersWithin>();

  constructor({ functions }: OnnxModel) {
    this.#byKey = new Map(functions.map((item) => [keyOf(item.domain, item.name), item]));
  }

  /** `undefined` if the node calls no local function, or one without a layer in it. */
  callOf(node: OnnxNode): FunctionCall | undefined {
    const called = this.#byKey.get(keyOf(node.domain, node.opType));
    if (called === undefined) return undefined;
    const within = this.#within(called, 0);
    if (within.operators.length === 0) return undefined;
    return { ...within, op: opOf(called, within.operators) };
  }

  #within(called: OnnxFunction, depth: number): LayersWithin {
    const known = this.#known.get(called);
    if (known !== undefined || depth > DEEPEST_CALL) return known ?? NOTHING;
    // Known as empty while it is looked at, so that a cycle ends.
    this.#known.set(called, NOTHING);
    const operators = new Set<string>();
    let isComplete = false;
    for (const node of called.nodes) {
      const inner = this.#byKey.get(keyOf(node.domain, node.opType));
      const op = layerOp(node);
      const within = inner === undefined ? NOTHING : this.#within(inner, depth + 1);
      for (const operator of within.operators) operators.add(operator);
      if (inner === undefined && op !== undefined) operators.add(node.opType);
      isComplete ||= within.isComplete || op?.weight === null || node.tensors.some(isWeight);
    }
    const found = { operators: [...operators], isComplete };
    this.#known.set(called, found);
    return found;
  }
}

const isWeight = ({ dims }: OnnxTensor): boolean => dims.length >= 2;

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
  // Of what is computed of constants the shape is not known; it is taken for a weight.
  const isGiven = (input: string): boolean =>
    input !== "" && scope.isConstant(input) && (scope.initializer(input)?.dims.length ?? 2) >= 2;
  return inputs.find(isGiven) ?? null;
}
