import type { OnnxNode, TapSource } from "../model/types.js";
import { traceConstant } from "./constant.js";
import type { LayerOp } from "./layer-ops.js";
import type { Scope } from "./scope.js";

/** Where the values of a layer are to be had. */
export interface VisibleValue {
  /** "" if the model has no name for it. */
  readonly tensor: string;
  readonly source: TapSource;
  /** The initializer of a bias that an Add brings in behind the node. */
  readonly bias: string | null;
}

/** Operators that ONNX Runtime fuses into the quantised layer before them. */
const FUSED_ACTIVATIONS = new Set(["Relu", "Clip"]);

/**
 * The value that shows a layer's output: behind its bias, in floating point, and so that the runtime's own fusions
 * of quantised nodes stay as they are.
 */
export function visibleValue(scope: Scope, node: OnnxNode, op: LayerOp): VisibleValue {
  const first = node.outputs[0] ?? "";
  if (first === "") return { tensor: "", source: unnamed(op, node), bias: null };
  if (op.quantized !== undefined) return { tensor: first, source: ownQuantization(node, op), bias: null };
  const scaled = op.integer === true ? behindScaling(scope, first) : first;
  const { tensor, bias } = op.absorbsAdd
    ? behindAdd(scope, scaled, node, op)
    : { tensor: scaled, bias: null };
  return { ...behindQuantizer(scope, tensor, node), bias };
}

/** Only a recurrent layer may leave its first output without a name. */
function unnamed(op: LayerOp, node: OnnxNode): TapSource {
  return op.kind === "recurrent" ? { via: "copy", node } : { via: "nothing" };
}

/** A quantised operator whose output scale is left out gives floats (com.microsoft.QGemm). */
function ownQuantization({ inputs }: OnnxNode, { quantized }: LayerOp): TapSource {
  const scale = inputs[quantized!.scale] ?? "";
  if (scale === "") return { via: "tensor" };
  return { via: "dequantize", scale, zeroPoint: inputs[quantized!.zeroPoint] ?? "", axis: null, domain: "" };
}

/** int32 sums become floats by a Cast and a Mul with the scales of both operands. */
function behindScaling(scope: Scope, tensor: string): string {
  const cast = onlyConsumer(scope, tensor);
  if (cast?.opType !== "Cast") return tensor;
  const casted = cast.outputs[0] ?? "";
  const product = onlyConsumer(scope, casted);
  return product?.opType === "Mul" ? (product.outputs[0] ?? casted) : casted;
}

function behindAdd(
  scope: Scope,
  tensor: string,
  node: OnnxNode,
  op: LayerOp,
): { readonly tensor: string; readonly bias: string | null } {
  const none = { tensor, bias: null };
  if (op.bias !== null && (node.inputs[op.bias] ?? "") !== "") return none;
  const add = onlyConsumer(scope, tensor);
  if (add?.opType !== "Add" || add.domain !== "") return none;
  const operand = add.inputs[0] === tensor ? add.inputs[1] : add.inputs[0];
  if (operand === undefined || operand === tensor || !scope.isConstant(operand)) return none;
  const bias = traceConstant(scope, operand);
  const output = add.outputs[0] ?? "";
  if (output === "" || !isBias(bias.dims, op, rankOfOutput(scope, node, op))) return none;
  return { tensor: output, bias: bias.name };
}

/** Axes of a convolution's output, which are as many as its weight has; `null` if that is not known. */
function rankOfOutput(scope: Scope, node: OnnxNode, { weight }: LayerOp): number | null {
  return weight === null ? null : (traceConstant(scope, node.inputs[weight] ?? "").dims?.length ?? null);
}

/** One number a feature: along the last axis, or along the channels with an axis of extent 1 for each place. */
function isBias(dims: readonly number[] | null, { kind }: LayerOp, rank: number | null): boolean {
  if (dims === null) return false;
  const long = dims.flatMap((extent, axis) => (extent === 1 ? [] : [axis]));
  if (kind !== "convolution") return long.every((axis) => axis === dims.length - 1);
  if (long.length === 0) return true;
  // [channels, 1 …] or [1, channels, 1 …]: axes are matched from the last on, and channels are the second.
  const fromLast = dims.length - long[0]!;
  return long.length === 1 && fromLast > 1 && (rank === null ? long[0]! <= 1 : fromLast === rank - 1);
}

function behindQuantizer(scope: Scope, tensor: string, node: OnnxNode): Omit<VisibleValue, "bias"> {
  const direct: Omit<VisibleValue, "bias"> = { tensor, source: { via: "tensor" } };
  // An output is seen by the runtime as it is: nothing is fused across it.
  if (scope.isOutput(tensor)) return direct;
  const consumer = onlyConsumer(scope, tensor);
  if (consumer === undefined) return direct;
  if (isQuantizer(consumer)) return dequantized(consumer) ?? direct;
  if (!FUSED_ACTIVATIONS.has(consumer.opType)) return direct;
  const next = onlyConsumer(scope, consumer.outputs[0] ?? "");
  if (next === undefined || !isQuantizer(next)) return direct;
  // Without the bias of an Add, where there is one: the covariance is the same.
  return { tensor: node.outputs[0]!, source: { via: "copy", node } };
}

const isQuantizer = ({ opType }: OnnxNode): boolean => opType === "QuantizeLinear";

function dequantized(quantizer: OnnxNode): Omit<VisibleValue, "bias"> | null {
  const [, scale = "", zeroPoint = ""] = quantizer.inputs;
  const tensor = quantizer.outputs[0] ?? "";
  if (tensor === "" || scale === "") return null;
  const said = quantizer.attribute("axis");
  const axis = typeof said === "number" ? said : null;
  return { tensor, source: { via: "dequantize", scale, zeroPoint, axis, domain: quantizer.domain } };
}

/** The one node that takes a value; `undefined` if there are none, several, or the value is an output. */
function onlyConsumer(scope: Scope, value: string): OnnxNode | undefined {
  const consumers = scope.consumers(value);
  return consumers.length === 1 && !scope.isOutput(value) ? consumers[0] : undefined;
}
