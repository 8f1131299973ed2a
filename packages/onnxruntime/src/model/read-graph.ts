import { FieldReader, limit, type Range } from "../protobuf/field-reader.js";
import { type Budget, DEEPEST_NESTING, ENTRY, MESSAGE, NODE } from "./budget.js";
import { type AttributeParts, readAttributeParts, readAttributeValue } from "./read-attribute.js";
import { readSparseTensor, readTensor } from "./read-tensor.js";
import { readValue } from "./read-value.js";
import type { AttributeValue, OnnxGraph, OnnxNode, OnnxTensor, OnnxValue } from "./types.js";

const NodeField = { input: 1, output: 2, name: 3, opType: 4, attribute: 5, domain: 7 } as const;

const GraphField = {
  node: 1,
  name: 2,
  initializer: 5,
  input: 11,
  output: 12,
  valueInfo: 13,
  sparseInitializer: 15,
} as const;

/** What is handed down while a model is read. */
export interface Reading {
  readonly bytes: Uint8Array;
  readonly budget: Budget;
  /** Graphs around the one that is being read. */
  readonly depth: number;
}

interface MutableGraph extends OnnxGraph {
  name: string;
  readonly nodes: OnnxNode[];
  readonly initializers: Map<string, OnnxTensor>;
  readonly inputs: OnnxValue[];
  readonly outputs: OnnxValue[];
  readonly valueInfos: Map<string, OnnxValue>;
}

/** Reads a GraphProto from the pieces that protobuf merges into it: lists follow one another, the last name counts. */
export function readGraph(pieces: readonly Range[], reading: Reading): OnnxGraph {
  const graph: MutableGraph = {
    name: "",
    nodes: [],
    initializers: new Map(),
    inputs: [],
    outputs: [],
    valueInfos: new Map(),
  };
  for (const { start, stop } of pieces) {
    const reader = new FieldReader(reading.bytes, start, stop);
    while (reader.next()) readPart(reader, graph, reading);
  }
  return graph;
}

function readPart(reader: FieldReader, graph: MutableGraph, reading: Reading): void {
  const { budget } = reading;
  budget.take(reader.start, reader.field === GraphField.node ? NODE : MESSAGE);
  switch (reader.field) {
    case GraphField.node:
      graph.nodes.push(readNode(reader.message(), reading, graph.nodes.length));
      break;
    case GraphField.name:
      graph.name = reader.text();
      break;
    case GraphField.initializer:
      addByName(graph.initializers, readTensor(reader.message(), budget));
      break;
    case GraphField.sparseInitializer:
      addByName(graph.initializers, readSparseTensor(reader.message(), budget));
      break;
    case GraphField.input:
      graph.inputs.push(readValue(reader.message(), budget));
      break;
    case GraphField.output:
      graph.outputs.push(readValue(reader.message(), budget));
      break;
    case GraphField.valueInfo:
      addByName(graph.valueInfos, readValue(reader.message(), budget));
      break;
  }
}

const addByName = <T extends { readonly name: string }>(map: Map<string, T>, item: T): unknown =>
  map.set(item.name, item);

/** Reads a NodeProto with its subgraphs; the values of its attributes when they are asked for. */
export function readNode(reader: FieldReader, reading: Reading, index: number): OnnxNode {
  return new ReadNode(reader, reading, index);
}

const NONE: readonly never[] = [];

class ReadNode implements OnnxNode {
  readonly index: number;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly subgraphs: readonly OnnxGraph[];
  readonly tensors: readonly OnnxTensor[];
  name = "";
  opType = "";
  domain = "";
  readonly #model: Uint8Array;
  readonly #range: Range;
  readonly #attributes: readonly AttributeParts[];
  #values: Map<string, AttributeValue | undefined> | null = null;

  constructor(reader: FieldReader, reading: Reading, index: number) {
    const inputs: string[] = [];
    const outputs: string[] = [];
    const attributes: AttributeParts[] = [];
    while (reader.next()) this.#take(reader, { inputs, outputs, attributes }, reading.budget);
    this.index = index;
    this.#model = reading.bytes;
    this.#range = { start: reader.begin, stop: reader.end };
    // Lists that are empty are shared: they would be a good part of a node's memory.
    this.inputs = listOrNone(inputs);
    this.outputs = listOrNone(outputs);
    this.#attributes = listOrNone(attributes);
    this.tensors = listOrNone(attributes.flatMap(({ tensors }) => tensors));
    this.subgraphs = listOrNone(attributes.flatMap((parts) => readSubgraphs(parts, reading)));
  }

  get bytes(): Uint8Array {
    return this.#model.subarray(this.#range.start, this.#range.stop);
  }

  attribute(name: string): AttributeValue | undefined {
    const parts = this.#attributes.find((attribute) => attribute.name === name);
    if (parts === undefined) return undefined;
    this.#values ??= new Map();
    if (!this.#values.has(name)) this.#values.set(name, readAttributeValue(this.#model, parts));
    return this.#values.get(name);
  }

  #take(reader: FieldReader, lists: NodeLists, budget: Budget): void {
    if (reader.field === NodeField.name) this.name = reader.text();
    else if (reader.field === NodeField.opType) this.opType = reader.text();
    else if (reader.field === NodeField.domain) this.domain = domainOf(reader.text());
    else if (reader.field === NodeField.input || reader.field === NodeField.output) {
      budget.take(reader.start, ENTRY);
      (reader.field === NodeField.input ? lists.inputs : lists.outputs).push(reader.text());
    } else if (reader.field === NodeField.attribute) {
      budget.take(reader.start, MESSAGE);
      lists.attributes.push(readAttributeParts(reader.message(), budget));
    }
  }
}

interface NodeLists {
  readonly inputs: string[];
  readonly outputs: string[];
  readonly attributes: AttributeParts[];
}

const listOrNone = <T>(list: readonly T[]): readonly T[] => (list.length === 0 ? NONE : list);

/** "ai.onnx" is another name of the default domain. */
export const domainOf = (domain: string): string => (domain === "ai.onnx" ? "" : domain);

function readSubgraphs({ graph, graphs }: AttributeParts, reading: Reading): OnnxGraph[] {
  const pieces = graphs.map((range) => [range]);
  if (graph.length > 0) pieces.unshift([...graph]);
  return pieces.map((ranges) => {
    if (reading.depth >= DEEPEST_NESTING) {
      throw limit(`graphs must be nested at most ${DEEPEST_NESTING} deep, got more`, ranges[0]!.start);
    }
    return readGraph(ranges, { ...reading, depth: reading.depth + 1 });
  });
}
