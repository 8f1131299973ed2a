import type { OnnxNode, OnnxTensor } from "../model/types.js";
import type { Scope } from "./scope.js";

/** Steps from a weight as it is used back to the initializer it comes from. Exporters need three or four. */
const MOST_STEPS = 16;
/** Inputs of a step that are looked at for a weight. */
const MOST_INPUTS = 8;

/** Operators that leave the shape of their first input as it is. */
const SAME_SHAPE = new Set(["Identity", "Cast", "DequantizeLinear", "QuantizeLinear"]);

/** A constant operand: where it comes from, and its shape where it is used. */
export interface Constant {
  /** The initializer at its root; `null` if it comes from a Constant node. */
  readonly name: string | null;
  /** `null` if what is computed on the way may change the shape. */
  readonly dims: readonly number[] | null;
}

const UNKNOWN: Constant = { name: null, dims: null };

/**
 * Follows a constant operand back to the initializer that it comes from: through DequantizeLinear, Cast, Transpose,
 * and whatever else is computed of constants alone. Of an operand that is not constant nothing is known.
 */
export function traceConstant(scope: Scope, value: string): Constant {
  if (!scope.isConstant(value)) return UNKNOWN;
  const transposes: (readonly number[] | null)[] = [];
  let name = value;
  let sameShape = true;
  for (let step = 0; step < MOST_STEPS; step++) {
    const initializer = scope.initializer(name);
    if (initializer !== undefined)
      return { name, dims: sameShape ? permuted(initializer, transposes) : null };
    const node = scope.producer(name);
    if (node === undefined) break;
    if (node.opType === "Constant") {
      const tensor = node.tensors[0];
      return { name: null, dims: tensor && sameShape ? permuted(tensor, transposes) : null };
    }
    if (node.opType === "Transpose") transposes.push(permutation(node));
    else if (!SAME_SHAPE.has(node.opType)) sameShape = false;
    name = mainInput(scope, node);
  }
  return UNKNOWN;
}

/** The input that holds the weight: the first initializer with two axes or more, else the first input. */
function mainInput(scope: Scope, { inputs }: OnnxNode): string {
  const weight = inputs
    .slice(0, MOST_INPUTS)
    .find((input) => (scope.initializer(input)?.dims.length ?? 0) >= 2);
  return weight ?? inputs[0] ?? "";
}

/** `null`: all axes in reverse. */
function permutation(node: OnnxNode): readonly number[] | null {
  const perm = node.attribute("perm");
  return Array.isArray(perm) ? (perm as readonly number[]) : null;
}

/** The shape after the transposes, of which the one nearest to the tensor was met last; `null` if one does not fit. */
function permuted({ dims }: OnnxTensor, transposes: readonly (readonly number[] | null)[]): number[] | null {
  let shape = [...dims];
  for (const perm of [...transposes].reverse()) {
    if (perm !== null && perm.length !== shape.length) return null;
    const turned = perm === null ? shape.reverse() : perm.map((axis) => shape[axis] ?? -1);
    if (turned.includes(-1)) return null;
    shape = turned;
  }
  return shape;
}
