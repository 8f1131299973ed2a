import { DataType, type NewNode, type NewTensor, type NewValue } from "../src/model/types.js";
import { nodeMessage, tensorMessage, valueMessage } from "../src/model/write-parts.js";
import { MessageWriter } from "../src/protobuf/message-writer.js";

/** A node that may hold graphs, as If, Loop and Scan do. */
export interface MadeNode extends NewNode {
  readonly bodies?: Readonly<Record<string, MadeGraph>>;
}

/** A constant whose values lie in the model, or in a file beside it. */
export type MadeTensor = NewTensor & {
  readonly name: string;
  readonly external?: Readonly<Record<string, string>>;
};

export interface MadeGraph {
  readonly name?: string;
  readonly nodes: readonly MadeNode[];
  readonly initializers?: readonly MadeTensor[];
  readonly inputs?: readonly NewValue[];
  readonly outputs: readonly NewValue[];
  readonly valueInfos?: readonly NewValue[];
}

export interface MadeFunction {
  readonly name: string;
  readonly domain: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly nodes: readonly MadeNode[];
  readonly opsets: Readonly<Record<string, number>>;
}

export interface MadeModel extends MadeGraph {
  readonly irVersion?: number;
  /** Of the default domain. */
  readonly opset?: number;
  /** Versions of other domains. */
  readonly domains?: Readonly<Record<string, number>>;
  readonly functions?: readonly MadeFunction[];
}

/** The bytes of an ONNX model, written field by field. */
export function makeModel(made: MadeModel): Uint8Array<ArrayBuffer> {
  const { irVersion = 8, opset = 13, domains = {}, functions = [] } = made;
  const model = new MessageWriter().integer(1, irVersion).message(7, graphMessage(made));
  for (const [domain, version] of Object.entries({ "": opset, ...domains })) {
    model.message(8, opsetMessage(domain, version));
  }
  for (const item of functions) model.message(25, functionMessage(item));
  return model.finish();
}

/** Initializers are written before nodes, so that what is read later does not depend on their order. */
function graphMessage(graph: MadeGraph): MessageWriter {
  const { name = "graph", nodes, initializers = [], inputs = [], outputs, valueInfos = [] } = graph;
  const message = new MessageWriter();
  for (const tensor of initializers) message.message(5, madeTensor(tensor));
  for (const node of nodes) message.message(1, madeNode(node));
  message.text(2, name);
  for (const value of inputs) message.message(11, valueMessage(value));
  for (const value of outputs) message.message(12, valueMessage(value));
  for (const value of valueInfos) message.message(13, valueMessage(value));
  return message;
}

function madeNode({ bodies = {}, ...node }: MadeNode): MessageWriter {
  const message = nodeMessage(node);
  for (const [name, body] of Object.entries(bodies)) {
    message.message(5, new MessageWriter().text(1, name).message(6, graphMessage(body)).integer(20, 5));
  }
  return message;
}

function madeTensor({ external, ...tensor }: MadeTensor): MessageWriter {
  if (external === undefined) return tensorMessage(tensor);
  const message = new MessageWriter();
  for (const extent of tensor.dims) message.integer(1, extent);
  message.integer(2, tensor.dataType).text(8, tensor.name);
  for (const [key, value] of Object.entries(external)) {
    message.message(13, new MessageWriter().text(1, key).text(2, value));
  }
  return message.integer(14, 1);
}

function functionMessage({ name, domain, inputs, outputs, nodes, opsets }: MadeFunction): MessageWriter {
  const message = new MessageWriter().text(1, name);
  for (const input of inputs) message.text(4, input);
  for (const output of outputs) message.text(5, output);
  for (const node of nodes) message.message(7, madeNode(node));
  for (const [id, version] of Object.entries(opsets)) message.message(9, opsetMessage(id, version));
  return message.text(10, domain);
}

const opsetMessage = (domain: string, version: number): MessageWriter =>
  new MessageWriter().text(1, domain).integer(2, version);

/** A tensor of numbers, rounded to its type. */
export function tensor(
  name: string,
  dims: readonly number[],
  values: readonly number[] | ((i: number) => number),
  dataType: number = DataType.float,
): MadeTensor {
  const count = dims.reduce((a, b) => a * b, 1);
  const numbers = typeof values === "function" ? Array.from({ length: count }, (_, i) => values(i)) : values;
  return { name, dims, dataType, data: encode(numbers, dataType) };
}

const ARRAYS: Readonly<Record<number, (values: readonly number[]) => ArrayBufferView>> = {
  [DataType.float]: (values) => Float32Array.from(values),
  [DataType.double]: (values) => Float64Array.from(values),
  [DataType.float16]: (values) => Uint16Array.from(values, float16Bits),
  [DataType.bfloat16]: (values) => Uint16Array.from(values, bfloat16Bits),
  [DataType.uint8]: (values) => Uint8Array.from(values),
  [DataType.int8]: (values) => Int8Array.from(values),
  [DataType.int32]: (values) => Int32Array.from(values),
  [DataType.int64]: (values) => BigInt64Array.from(values, (value) => BigInt(value)),
  [DataType.bool]: (values) => Uint8Array.from(values),
};

/** Numbers as they lie in memory in a type of ONNX. */
export function encode(values: readonly number[], dataType: number): Uint8Array {
  const { buffer, byteOffset, byteLength } = ARRAYS[dataType]!(values);
  return new Uint8Array(buffer, byteOffset, byteLength);
}

/** The bits of a normal number in half precision, rounded towards zero: test data need no more. */
export function float16Bits(value: number): number {
  const bits = new Uint32Array(Float32Array.of(value).buffer)[0]!;
  const exponent = ((bits >>> 23) & 255) - 127 + 15;
  if (exponent <= 0) return (bits >>> 16) & 0x8000;
  return ((bits >>> 16) & 0x8000) | (exponent << 10) | ((bits >>> 13) & 1023);
}

const bfloat16Bits = (value: number): number => new Uint32Array(Float32Array.of(value).buffer)[0]! >>> 16;
