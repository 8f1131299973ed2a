import { MessageWriter } from "../protobuf/message-writer.js";
import type { NewAttribute, NewGraph, NewNode, NewTensor, NewValue } from "./types.js";

/** The messages that a tail consists of, as protobuf. */

/** A NodeProto. */
export function nodeMessage({
  opType,
  domain = "",
  name = "",
  inputs,
  outputs,
  attributes = {},
}: NewNode): MessageWriter {
  const node = new MessageWriter();
  for (const input of inputs) node.text(1, input);
  for (const output of outputs) node.text(2, output);
  if (name !== "") node.text(3, name);
  node.text(4, opType);
  for (const [key, value] of Object.entries(attributes)) node.message(5, attributeMessage(key, value));
  if (domain !== "") node.text(7, domain);
  return node;
}

// The field that holds the value, and its number in AttributeProto.AttributeType, which is obligatory since IR 2.
function attributeMessage(name: string, value: NewAttribute): MessageWriter {
  const attribute = new MessageWriter().text(1, name);
  if ("float" in value) return attribute.float(2, value.float).integer(20, 1);
  if ("int" in value) return attribute.integer(3, value.int).integer(20, 2);
  if ("string" in value) return attribute.text(4, value.string).integer(20, 3);
  if ("tensor" in value) return attribute.message(5, tensorMessage(value.tensor)).integer(20, 4);
  if ("graph" in value) return attribute.message(6, graphMessage(value.graph)).integer(20, 5);
  if ("floats" in value) {
    for (const item of value.floats) attribute.float(7, item);
    return attribute.integer(20, 6);
  }
  for (const item of value.ints) attribute.integer(8, item);
  return attribute.integer(20, 7);
}

/** A GraphProto that is the body of a node. Its outputs have the types that the runtime infers. */
function graphMessage({ name, nodes, outputs }: NewGraph): MessageWriter {
  const graph = new MessageWriter();
  for (const node of nodes) graph.message(1, nodeMessage(node));
  graph.text(2, name);
  for (const output of outputs) graph.message(12, valueMessage({ name: output }));
  return graph;
}

/** A TensorProto with raw data. */
export function tensorMessage({ name = "", dataType, dims, data }: NewTensor): MessageWriter {
  const tensor = new MessageWriter();
  for (const extent of dims) tensor.integer(1, extent);
  tensor.integer(2, dataType);
  if (name !== "") tensor.text(8, name);
  return tensor.bytes(9, data);
}

/** A ValueInfoProto; without a type if none is said. */
export function valueMessage({ name, elemType, shape }: NewValue): MessageWriter {
  const value = new MessageWriter().text(1, name);
  if (elemType === undefined) return value;
  const tensor = new MessageWriter().integer(1, elemType);
  if (shape !== undefined) tensor.message(2, shapeMessage(shape));
  return value.message(2, new MessageWriter().message(1, tensor));
}

function shapeMessage(shape: readonly (number | string)[]): MessageWriter {
  const message = new MessageWriter();
  for (const extent of shape) {
    const dim = new MessageWriter();
    if (typeof extent === "string") dim.text(2, extent);
    else dim.integer(1, extent);
    message.message(1, dim);
  }
  return message;
}
