import { ModelFormatError } from "../errors.js";
import {
  type Candidate,
  DataType,
  type ModelTail,
  type NewAttribute,
  type OnnxModel,
  type Tap,
} from "../model/types.js";

/** The first version of the default domain in which Cast takes a number as `to`; ONNX Runtime promises 7 and newer. */
const FIRST_OPSET = 7;
/** That of the default domain's DequantizeLinear. */
const FIRST_DEQUANTIZE = 10;
/** What a model gets that imports none; it has only operators of other domains. */
const DEFAULT_OPSET = 13;

/**
 * The tensor of the extended graph that holds a layer's values in float32 or float64. What has to be computed for it
 * is added to the tail; no output is.
 *
 * @throws {RangeError} If the candidate is one that is left.
 * @throws {ModelFormatError} If the model is of an operator set before 7.
 */
export function tapLayer(tail: ModelTail, model: OnnxModel, candidate: Candidate): Tap {
  const { layer, taken, reason } = candidate;
  if (!taken) throw new RangeError(`tapLayer: a layer must be one that is taken, got ${layer}: ${reason}`);
  const opset = tail.opset("", DEFAULT_OPSET);
  if (opset < FIRST_OPSET) {
    const text = `tapLayer: a model must be of operator set ${FIRST_OPSET} or newer, got ${opset}`;
    throw new ModelFormatError(text, "unsupported");
  }
  const [shown, elemType] = shownTensor(tail, model, candidate, opset);
  const tensor = isFloat(elemType)
    ? shown
    : append(tail, layer, "Cast", [shown], { to: { int: DataType.float } });
  const original = model.graph.outputs.some(({ name }) => name === tensor);
  return { candidate, tensor, original, elemType: isFloat(elemType) ? elemType : DataType.float };
}

const isFloat = (elemType: number): boolean => elemType === DataType.float || elemType === DataType.double;

/** The values of a layer, in whatever type they are, with that type. */
function shownTensor(
  tail: ModelTail,
  model: OnnxModel,
  candidate: Candidate,
  opset: number,
): [string, number] {
  const { layer, tensor, source, elemType } = candidate;
  switch (source.via) {
    case "nothing":
      throw new RangeError(`tapLayer: a layer must have a visible output, got ${layer}`);
    case "copy": {
      const output = tail.freshName(`delve/${layer}`);
      tail.addNodeCopy(source.node, [output]);
      return [output, elemType];
    }
    case "dequantize":
      return [dequantized(tail, layer, tensor, source, opset), typeOfScale(model, source.scale)];
    case "heads":
      return [headsJoined(tail, layer, tensor), elemType];
    case "tensor":
      return [isInput(model, tensor) ? append(tail, layer, "Identity", [tensor]) : tensor, elemType];
  }
}

/** An input of the graph cannot be an output of it too. */
const isInput = ({ graph }: OnnxModel, tensor: string): boolean =>
  graph.inputs.some(({ name }) => name === tensor);

const typeOfScale = ({ graph }: OnnxModel, scale: string): number =>
  graph.initializers.get(scale)?.dataType ?? DataType.undefined;

function dequantized(
  tail: ModelTail,
  layer: string,
  tensor: string,
  { scale, zeroPoint, axis, domain }: Extract<Candidate["source"], { via: "dequantize" }>,
  opset: number,
): string {
  const inputs = zeroPoint === "" ? [tensor, scale] : [tensor, scale, zeroPoint];
  const output = tail.freshName(`delve/${layer}`);
  const ownDomain = domain === "" && opset < FIRST_DEQUANTIZE ? "com.microsoft" : domain;
  if (ownDomain !== "") tail.opset(ownDomain, 1);
  const attributes = axis === null ? {} : { axis: { int: axis } };
  tail.addNode({ opType: "DequantizeLinear", domain: ownDomain, inputs, outputs: [output], attributes });
  return output;
}

/** [samples, heads, steps, size] becomes [samples, steps, heads · size]. */
function headsJoined(tail: ModelTail, layer: string, tensor: string): string {
  const shape = tail.freshName(`delve/${layer}/shape`);
  // 0 keeps an extent, −1 takes what is left.
  const data = new Uint8Array(BigInt64Array.of(0n, 0n, -1n).buffer);
  tail.addInitializer({ name: shape, dataType: DataType.int64, dims: [3], data });
  const turned = append(tail, layer, "Transpose", [tensor], { perm: { ints: [0, 2, 1, 3] } });
  return append(tail, layer, "Reshape", [turned, shape]);
}

function append(
  tail: ModelTail,
  layer: string,
  opType: string,
  inputs: readonly string[],
  attributes: Readonly<Record<string, NewAttribute>> = {},
): string {
  const output = tail.freshName(`delve/${layer}`);
  tail.addNode({ opType, inputs, outputs: [output], attributes });
  return output;
}
