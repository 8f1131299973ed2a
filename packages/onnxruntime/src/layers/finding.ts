import type { Candidate, OnnxNode, TapSource } from "../model/types.js";
import { traceConstant } from "./constant.js";
import { type FunctionCall, type Functions, weightOfCall } from "./function-call.js";
import { nameOfParameter, namesOfNode } from "./layer-names.js";
import { type LayerOp, layerOp, operatorName } from "./layer-ops.js";
import type { Scope } from "./scope.js";
import { type VisibleValue, visibleValue } from "./visible-value.js";

/** A candidate before it has a name of its own. */
export interface Finding extends Omit<Candidate, "layer"> {
  /** Names for it, the most telling first. */
  readonly names: readonly string[];
  readonly isConvolution: boolean;
}

/** What a node is as a layer; `null` if it is nothing like one. */
export function findingOf(scope: Scope, node: OnnxNode, functions: Functions): Finding | null {
  const call = functions.callOf(node);
  if (call !== undefined) return findingOfCall(scope, node, call);
  const op = layerOp(node);
  return op === undefined ? null : findingOfLayer(scope, node, op);
}

function findingOfLayer(scope: Scope, node: OnnxNode, op: LayerOp): Finding {
  const operand = inputOf(node, op.weight);
  const weight = traceConstant(scope, operand);
  const visible = visibleValue(scope, node, op);
  const bias = visible.bias ?? traceConstant(scope, inputOf(node, op.bias)).name;
  const problem = problemOf(scope, node, op, visible) ?? vectorProblem(node, op, weight.dims);
  const ownName = nameOfParameter(weight.name) ?? nameOfParameter(bias);
  return {
    taken: problem === null,
    reason:
      problem ??
      (weight.name === null ? `${op.kind} layer` : `${op.kind} layer with the weight ${weight.name}`),
    op: operatorName(node),
    nodeName: node.name,
    weight: weight.name ?? bias,
    tensor: visible.tensor,
    source: problem === null ? sourceOf(node, visible) : { via: "nothing" },
    elemType: scope.elemType(visible.tensor === "" ? operand : visible.tensor),
    layout: op.layout(node),
    features: op.features(node, weight.dims ?? []) ?? lastExtent(scope, visible.tensor, op),
    names: ownName === null ? namesOfNode(node) : [ownName, ...namesOfNode(node)],
    isConvolution: op.kind === "convolution",
  };
}

function findingOfCall(scope: Scope, node: OnnxNode, { operators, isComplete, op }: FunctionCall): Finding {
  const weight = weightOfCall(scope, node);
  const tensor = node.outputs[0] ?? "";
  const source: TapSource = { via: "tensor" };
  const call = `call of a function of the model with ${operators.join(", ")} in it`;
  const withoutWeight = weight === null && !isComplete ? `${call}, but no constant weight` : null;
  const problem = problemOf(scope, node, op, { tensor, source, bias: null }) ?? withoutWeight;
  const ownName = nameOfParameter(weight);
  return {
    taken: problem === null,
    reason: problem ?? `${call}: its output is recorded`,
    op: operatorName(node),
    nodeName: node.name,
    weight,
    tensor,
    source: problem === null ? source : { via: "nothing" },
    elemType: scope.elemType(tensor),
    layout: op.layout(node),
    features: lastExtent(scope, tensor, op),
    names: ownName === null ? namesOfNode(node) : [ownName, ...namesOfNode(node)],
    isConvolution: op.kind === "convolution",
  };
}

const inputOf = ({ inputs }: OnnxNode, index: number | null): string =>
  index === null ? "" : (inputs[index] ?? "");

/** Why a node's output is not recorded; `null` if it is. */
function problemOf(
  scope: Scope,
  node: OnnxNode,
  op: LayerOp,
  { tensor, source }: VisibleValue,
): string | null {
  if (source.via === "nothing") return "its output has no name, so nothing can refer to it";
  // A decoder puts this character in place of bytes that are not UTF-8; the name cannot be written back.
  if (tensor.includes("\uFFFD")) return "the name of its output is not UTF-8";
  if (tensor !== "" && scope.isConstant(tensor)) return "its output is constant";
  if (op.weight === null || scope.isConstant(inputOf(node, op.weight))) return null;
  return scope.isConstant(node.inputs[0] ?? "")
    ? "its constant operand comes first, so that its columns are samples; name its output in `tensors` to record it"
    : "it has no constant weight: both operands are computed";
}

function vectorProblem(node: OnnxNode, op: LayerOp, dims: readonly number[] | null): string | null {
  const isVector = op.kind === "dense" && dims?.length === 1 && op.features(node, dims) === undefined;
  return isVector ? "its weight is a vector: its output has no axis of features" : null;
}

/** ONNX's own Attention says the number of heads where its inputs have three axes, and has four where it does not. */
function sourceOf(node: OnnxNode, { source }: VisibleValue): TapSource {
  const headsApart = node.domain === "" && node.opType === "Attention" && !node.attribute("q_num_heads");
  return headsApart ? { via: "heads" } : source;
}

/** The number of features that the model says of a value. */
function lastExtent(scope: Scope, tensor: string, op: LayerOp): number | null {
  const shape = scope.value(tensor)?.shape ?? null;
  const extent = op.kind === "convolution" ? shape?.[1] : shape?.at(-1);
  return typeof extent === "number" && op.kind !== "recurrent" ? extent : null;
}
