import { DataType } from "../../src/model/types.js";
import { type MadeModel, type MadeNode, type MadeTensor, tensor } from "../make-model.js";

/** Layers of one operator: a model for each operator set and type. */
export interface Family {
  readonly op: string;
  /** First operator set (of the default domain) in which the operator stands as it is made here. */
  readonly since: number;
  /** The last one; 23 by default. */
  readonly until?: number;
  /** Types that ONNX Runtime's CPU provider computes it in. */
  readonly types: readonly number[];
  readonly make: (type: number, opset: number) => Made;
}

/** What a model of a family is made of: from `in`, which is `x` in the family's type, to `seen`. */
export interface Made {
  /** Name that the layer must be given. */
  readonly layer: string;
  /** Shape of `x`. */
  readonly dims: readonly number[];
  readonly features: number | null;
  readonly initializers: readonly MadeTensor[];
  readonly nodes: readonly MadeNode[];
  /** Value whose Relu is the output of the model. */
  readonly seen: string;
  /** False where `seen` is not the value that is recorded, so that the two cannot be compared; true by default. */
  readonly comparable?: boolean;
}

export const FLOAT: readonly number[] = [DataType.float];
export const REAL: readonly number[] = [DataType.float, DataType.double];
export const HALF: readonly number[] = [DataType.float, DataType.float16];
export const ALL: readonly number[] = [...REAL, DataType.float16];

/** Numbers in [−1, 1] without a pattern, most of them inexact in any binary type. */
export const wave = (i: number): number => Math.sin(12.9898 * i + 1) ** 3;
/** The same as whole numbers, for quantised weights. */
export const steps = (i: number): number => ((i * 37) % 61) - 30;

export const weights = (name: string, dims: readonly number[], type: number = DataType.float): MadeTensor =>
  tensor(name, dims, wave, type);
export const scalar = (name: string, value: number, type: number = DataType.float): MadeTensor =>
  tensor(name, [], [value], type);

/** x (float32) → Cast → in → … → seen → Relu → Cast → y (float32). Where the type is float32 there are no casts. */
export function modelOf(made: Made, type: number, opset: number): MadeModel {
  const same = type === DataType.float;
  const head: MadeNode[] = same ? [] : [cast("x", "in", type)];
  const tail: MadeNode[] = same
    ? [{ opType: "Relu", inputs: [made.seen], outputs: ["y"] }]
    : [{ opType: "Relu", inputs: [made.seen], outputs: ["r"] }, cast("r", "y", DataType.float)];
  return {
    irVersion: irOf(opset),
    opset,
    domains: { "com.microsoft": 1 },
    inputs: [{ name: same ? "in" : "x", elemType: DataType.float, shape: ["n", ...made.dims.slice(1)] }],
    outputs: [{ name: "y", elemType: DataType.float }],
    initializers: made.initializers,
    nodes: [...head, ...made.nodes, ...tail],
  };
}

export const cast = (from: string, to: string, type: number): MadeNode => ({
  opType: "Cast",
  inputs: [from],
  outputs: [to],
  attributes: { to: { int: type } },
});

/** The format's version that came with an operator set. */
const irOf = (opset: number): number =>
  opset < 9 ? 4 : opset < 15 ? 7 : opset < 19 ? 8 : opset < 21 ? 9 : 10;
