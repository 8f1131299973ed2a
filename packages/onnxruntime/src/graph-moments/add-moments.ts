import { DataType, type ModelTail, type NewAttribute, type NewNode, type Tap } from "../model/types.js";
import type { MomentsTap } from "../session/layer-tap.js";
import { SampleMatrixNodes } from "./sample-matrix-nodes.js";

/** Names of the outputs that hold a layer's moments. */
export type MomentsOutputs = Pick<MomentsTap, "shape" | "shift" | "sum" | "gram">;

/**
 * Appends the nodes that compute the moments of a layer in float64, about the mean of the batch itself:
 *
 *     X  samples × features, or features × samples where that is how they lie
 *     s = mean(X) in float64, rounded to the precision of the values
 *     sum = Σ(x − s),  gram = Σ(x − s)(x − s)ᵀ
 *
 * A sum of millions of float32 in float32 would miss the mean by many deviations where these are small beside it;
 * and with s a float32, x − s is exact: a feature that never changes has a variance of zero, not of rounding.
 *
 * They stand in the body of an If: ONNX Runtime runs every node of a graph, whatever is fetched, but not a body whose
 * condition is false. So they cost nothing while recording is paused, and an empty batch does not reach operators
 * that refuse one.
 *
 * @param features - Number of features d, of all directions of a recurrent layer.
 * @param recordInput - The input, a single bool, that switches them on; `null` to compute always.
 */
export function addMoments(
  tail: ModelTail,
  tap: Tap,
  features: number,
  recordInput: string | null,
): MomentsOutputs {
  const name = (part: string): string => tail.freshName(`delve/${tap.candidate.layer}/${part}`);
  const outputs = { shape: name("shape"), shift: name("shift"), sum: name("sum"), gram: name("gram") };
  tail.addNode({
    opType: "If",
    inputs: [addCondition(tail, tap.tensor, name, recordInput)],
    outputs: Object.values(outputs),
    attributes: {
      then_branch: { graph: { name: "moments", ...momentsBody(tail, tap, features, name) } },
      else_branch: { graph: { name: "nothing", ...emptyBody(name) } },
    },
  });
  for (const output of Object.values(outputs)) tail.addOutput({ name: output });
  return outputs;
}

type Naming = (part: string) => string;

/** The name of a bool: whether there are values, and they are wanted. */
function addCondition(tail: ModelTail, tensor: string, name: Naming, recordInput: string | null): string {
  const [size, present] = [name("size"), name("present")];
  tail.addNode({ opType: "Size", inputs: [tensor], outputs: [size] });
  tail.addNode({
    opType: "Cast",
    inputs: [size],
    outputs: [present],
    attributes: { to: { int: DataType.bool } },
  });
  if (recordInput === null) return present;
  const both = name("condition");
  tail.addNode({ opType: "And", inputs: [present, recordInput], outputs: [both] });
  return both;
}

interface Body {
  readonly nodes: readonly NewNode[];
  readonly outputs: readonly string[];
}

function momentsBody(tail: ModelTail, tap: Tap, features: number, name: Naming): Body {
  const body = new SampleMatrixNodes(name);
  const { value: samples, sampleAxis } = body.samplesOf(tap.tensor, tap.candidate.layout, features);
  const opset = tail.opset("", 17);
  const keep = { keepdims: { int: 1 } };
  const isDouble = tap.elemType === DataType.double;
  const cast = (value: string, to: number): string =>
    isDouble ? value : body.add("Cast", [value], { to: { int: to } });
  const exact = cast(samples, DataType.double);
  const mean = body.reduce("ReduceMean", exact, sampleAxis, opset < 18, keep);
  const shift = cast(cast(mean, DataType.float), DataType.double);
  const centred = body.add("Sub", [exact, shift]);
  const sum = body.reduce("ReduceSum", centred, sampleAxis, opset < 13, keep);
  const transposed: Record<string, NewAttribute> = { [sampleAxis === 0 ? "transA" : "transB"]: { int: 1 } };
  const gram = body.add("Gemm", [centred, centred], transposed);
  const shape = body.add("Shape", [tap.tensor]);
  return { nodes: body.nodes, outputs: [shape, shift, sum, gram] };
}

function emptyBody(name: Naming): Body {
  const body = new SampleMatrixNodes(name);
  const shape = body.constant({ dataType: DataType.int64, dims: [0], values: new BigInt64Array(0) });
  const moments = ["shift", "sum", "gram"].map(() =>
    body.constant({ dataType: DataType.double, dims: [0], values: new Float64Array(0) }),
  );
  return { nodes: body.nodes, outputs: [shape, ...moments] };
}
