import { ModelFormatError } from "../errors.js";
import { FieldReader, malformed, type Range } from "../protobuf/field-reader.js";
import { Budget, MESSAGE, NODE } from "./budget.js";
import { foreignFormat, isOrtFormat } from "./foreign-formats.js";
import { domainOf, type Reading, readGraph, readNode } from "./read-graph.js";
import type { OnnxFunction, OnnxGraph, OnnxModel, OnnxNode, OnnxTensor } from "./types.js";

const ModelField = { irVersion: 1, graph: 7, opset: 8, function: 25 } as const;
const OpsetField = { domain: 1, version: 2 } as const;
const FunctionField = { name: 1, node: 7, domain: 10 } as const;

/** The largest message protobuf has. */
export const LARGEST_MODEL = 2 ** 31 - 1;

/** Bytes in any of the forms in which they are handed in. */
export type Bytes = ArrayBufferView | ArrayBufferLike;

/**
 * What an ONNX model consists of, read from its bytes: nodes, constants without their values, inputs, outputs and
 * opsets. Nothing is copied but names; the bytes must stay as they are while the model is in use. The time it takes
 * grows with the number of nodes, not with the size of the weights.
 *
 * No path that the model names is opened.
 *
 * @throws {ModelFormatError} If the bytes are no ONNX model, or a damaged or impossible one.
 * @throws {TypeError} If they are not bytes.
 */
export function readModel(model: Bytes): OnnxModel {
  const bytes = bytesOf(model);
  checkFormat(bytes);
  const reading: Reading = { bytes, budget: new Budget(), depth: 0 };
  const parts: Parts = { irVersion: 0, opsets: new Map(), graph: [], functions: [] };
  try {
    readParts(parts, reading);
    return modelOf(bytes, parts, reading);
  } catch (error) {
    throw explained(error, bytes, parts);
  }
}

/** A view of bytes, however they are handed in. Nothing is copied. */
export function bytesOf(model: Bytes): Uint8Array {
  if (model instanceof Uint8Array) return model;
  if (ArrayBuffer.isView(model)) return new Uint8Array(model.buffer, model.byteOffset, model.byteLength);
  if (Object.prototype.toString.call(model).endsWith("ArrayBuffer]")) return new Uint8Array(model);
  throw new TypeError(`readModel: a model must be a Uint8Array or an ArrayBuffer, got ${typeof model}`);
}

function checkFormat(bytes: Uint8Array): void {
  if (bytes.length === 0) throw notOnnx("no bytes");
  if (bytes.length > LARGEST_MODEL) {
    const text = `readModel: a model must have less than 2 GB (more goes to external data), got ${bytes.length} bytes`;
    throw new ModelFormatError(text, "limit");
  }
  if (!isOrtFormat(bytes)) return;
  const text =
    "readModel: a model must be in the ONNX format, got ONNX Runtime's own (.ort), which cannot be extended";
  throw new ModelFormatError(text, "ort");
}

interface Parts {
  irVersion: number;
  readonly opsets: Map<string, number>;
  readonly graph: Range[];
  readonly functions: OnnxFunction[];
}

function readParts(parts: Parts, reading: Reading): void {
  const reader = new FieldReader(reading.bytes);
  while (reader.next()) {
    reading.budget.take(reader.start, MESSAGE);
    if (reader.field === ModelField.irVersion) parts.irVersion = reader.integer();
    else if (reader.field === ModelField.opset) readOpset(reader.message(), parts.opsets);
    else if (reader.field === ModelField.graph) parts.graph.push(reader.range());
    else if (reader.field === ModelField.function)
      parts.functions.push(readFunction(reader.message(), reading));
  }
}

function modelOf(
  bytes: Uint8Array,
  { irVersion, opsets, graph: pieces, functions }: Parts,
  reading: Reading,
) {
  if (pieces.length === 0) throw malformed("a model must have a graph, got none", bytes.length);
  if (opsets.size === 0) throw malformed("a model must import an operator set, got none", bytes.length);
  const graph = readGraph(pieces, reading);
  const locations = new Set<string>();
  addLocations(graph, locations);
  for (const { nodes } of functions) addNodeLocations(nodes, locations);
  return { bytes, irVersion, opsets, graph, functions, externalLocations: [...locations] };
}

/** Of versions of one domain that are named twice, ONNX Runtime takes the last. */
function readOpset(reader: FieldReader, opsets: Map<string, number>): void {
  let domain = "";
  let version = 0;
  while (reader.next()) {
    if (reader.field === OpsetField.domain) domain = domainOf(reader.text());
    else if (reader.field === OpsetField.version) version = reader.integer();
  }
  opsets.set(domain, version);
}

function readFunction(reader: FieldReader, reading: Reading): OnnxFunction {
  const nodes: OnnxNode[] = [];
  let [name, domain] = ["", ""];
  while (reader.next()) {
    reading.budget.take(reader.start, NODE);
    if (reader.field === FunctionField.name) name = reader.text();
    else if (reader.field === FunctionField.domain) domain = domainOf(reader.text());
    else if (reader.field === FunctionField.node)
      nodes.push(readNode(reader.message(), reading, nodes.length));
  }
  return { name, domain, nodes };
}

function addLocations(graph: OnnxGraph, locations: Set<string>): void {
  addExternal(graph.initializers.values(), locations);
  addNodeLocations(graph.nodes, locations);
}

function addNodeLocations(nodes: readonly OnnxNode[], locations: Set<string>): void {
  for (const { tensors, subgraphs } of nodes) {
    addExternal(tensors, locations);
    for (const body of subgraphs) addLocations(body, locations);
  }
}

function addExternal(tensors: Iterable<OnnxTensor>, locations: Set<string>): void {
  for (const { external } of tensors) if (external !== null) locations.add(external.location);
}

const notOnnx = (got: string): ModelFormatError =>
  new ModelFormatError(`readModel: a model must be in the ONNX format, got ${got}`, "not-onnx");

/** What has nothing of a model, or begins as something else, is reported as what it is. */
function explained(error: unknown, bytes: Uint8Array, { irVersion, graph }: Parts): unknown {
  if (!(error instanceof ModelFormatError)) return error;
  const format = foreignFormat(bytes);
  if (format !== null) return notOnnx(format);
  return irVersion === 0 && graph.length === 0
    ? notOnnx("bytes that have neither a version nor a graph")
    : error;
}
