import { ModelFormatError } from "../errors.js";
import { FieldReader } from "../protobuf/field-reader.js";
import { MessageWriter } from "../protobuf/message-writer.js";
import { LARGEST_MODEL } from "./read-model.js";
import type { ModelTail, NewNode, NewTensor, NewValue, OnnxGraph, OnnxModel, OnnxNode } from "./types.js";
import { nodeMessage, tensorMessage, valueMessage } from "./write-parts.js";

const ModelField = { graph: 7, opset: 8 } as const;
const GraphField = { node: 1, initializer: 5, input: 11, output: 12 } as const;
const NodeField = { output: 2, name: 3 } as const;

/**
 * A tail for a model, empty at first. A model's bytes with those of the tail behind them are the extended model:
 * protobuf merges the second occurrence of `graph` into the first, and operator sets are a list anyway.
 *
 * Nodes come after all nodes of the model, so they may use any of its values.
 */
export function createTail(model: OnnxModel): ModelTail {
  return new GrowingTail(model);
}

class GrowingTail implements ModelTail {
  readonly #graph = new MessageWriter();
  readonly #opsetFields = new MessageWriter();
  readonly #opsets: Map<string, number>;
  readonly #outputs: Set<string>;
  readonly #model: OnnxModel;
  #names: Set<string> | null = null;
  /** The number that was last put behind a name. */
  readonly #copies = new Map<string, number>();

  constructor(model: OnnxModel) {
    this.#model = model;
    this.#opsets = new Map(model.opsets);
    this.#outputs = new Set(model.graph.outputs.map(({ name }) => name));
  }

  freshName(prefix: string): string {
    this.#names ??= namesOf(this.#model.graph);
    let copy = this.#copies.get(prefix) ?? 1;
    let name = copy === 1 ? prefix : `${prefix}_${copy}`;
    while (this.#names.has(name)) name = `${prefix}_${++copy}`;
    this.#copies.set(prefix, copy);
    this.#names.add(name);
    return name;
  }

  addNode(node: NewNode): void {
    this.#graph.message(GraphField.node, nodeMessage(node));
  }

  addNodeCopy(node: OnnxNode, outputs: readonly string[]): void {
    this.#graph.message(GraphField.node, renamed(node, outputs));
  }

  addOutput(value: NewValue): void {
    if (this.#outputs.has(value.name)) return;
    this.#outputs.add(value.name);
    this.#graph.message(GraphField.output, valueMessage(value));
  }

  addInput(value: NewValue): void {
    this.#graph.message(GraphField.input, valueMessage(value));
  }

  addInitializer(tensor: NewTensor & { readonly name: string }): void {
    this.#graph.message(GraphField.initializer, tensorMessage(tensor));
  }

  opset(domain: string, otherwise: number): number {
    const version = this.#opsets.get(domain);
    if (version !== undefined) return version;
    this.#opsets.set(domain, otherwise);
    const id = new MessageWriter().text(1, domain).integer(2, otherwise);
    this.#opsetFields.message(ModelField.opset, id);
    return otherwise;
  }

  bytes(): Uint8Array<ArrayBuffer> {
    const tail = new MessageWriter();
    if (!this.#graph.isEmpty) tail.message(ModelField.graph, this.#graph);
    return tail.raw(this.#opsetFields.finish()).finish();
  }
}

/** A node's fields without its name and outputs, which are replaced. */
function renamed(node: OnnxNode, outputs: readonly string[]): MessageWriter {
  const message = new MessageWriter();
  const reader = new FieldReader(node.bytes);
  let from = 0;
  while (reader.next()) {
    if (reader.field !== NodeField.output && reader.field !== NodeField.name) {
      message.raw(node.bytes.subarray(from, reader.stop));
    }
    from = reader.stop;
  }
  for (const output of outputs) message.text(NodeField.output, output);
  return message;
}

/** Every name of a value anywhere in the graph and its bodies: a body must not define a name of the graph around it. */
function namesOf(graph: OnnxGraph, names: Set<string> = new Set()): Set<string> {
  for (const { name } of [...graph.inputs, ...graph.outputs]) names.add(name);
  for (const name of graph.initializers.keys()) names.add(name);
  for (const { inputs, outputs, subgraphs } of graph.nodes) {
    for (const name of inputs) names.add(name);
    for (const name of outputs) names.add(name);
    for (const body of subgraphs) namesOf(body, names);
  }
  return names;
}

/**
 * A model with a tail, as one piece: the model's bytes are copied once. Where two pieces do as well (a Blob, a
 * stream, a file), write the model's bytes and then `tail.bytes()`, and nothing is copied.
 *
 * @throws {ModelFormatError} If both together reach 2 GB.
 */
export function appendTail(model: Uint8Array, tail: Uint8Array): Uint8Array<ArrayBuffer> {
  const length = model.length + tail.length;
  if (length > LARGEST_MODEL) {
    const text = `appendTail: a model must stay below 2 GB (more goes to external data), got ${length} bytes`;
    throw new ModelFormatError(text, "limit");
  }
  const bytes = new Uint8Array(length);
  bytes.set(model);
  bytes.set(tail, model.length);
  return bytes;
}
