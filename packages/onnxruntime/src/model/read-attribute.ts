import { FieldReader, type Range } from "../protobuf/field-reader.js";
import { Budget, ENTRY, MESSAGE } from "./budget.js";
import { readTensor } from "./read-tensor.js";
import type { AttributeValue, OnnxTensor } from "./types.js";

const Field = {
  name: 1,
  float: 2,
  int: 3,
  string: 4,
  tensor: 5,
  graph: 6,
  floats: 7,
  ints: 8,
  strings: 9,
  tensors: 10,
  graphs: 11,
  type: 20,
} as const;
/** Of `AttributeProto.AttributeType`, those whose value is a list. */
const ListType = { floats: 6, ints: 7, strings: 8 } as const;

/** An attribute as far as it is read with its node: what it is called, and the messages that it holds. */
export interface AttributeParts {
  readonly name: string;
  readonly range: Range;
  /** Pieces of the graph `g`: protobuf merges them into one. */
  readonly graph: readonly Range[];
  /** Each a graph of its own. */
  readonly graphs: readonly Range[];
  readonly tensors: readonly OnnxTensor[];
}

/** Reads what an attribute is called and holds, and skips its numbers and texts. */
export function readAttributeParts(reader: FieldReader, budget: Budget): AttributeParts {
  const range = { start: reader.begin, stop: reader.end };
  const graph: Range[] = [];
  const graphs: Range[] = [];
  const tensors: OnnxTensor[] = [];
  let name = "";
  while (reader.next()) {
    if (reader.field === Field.name) name = reader.text();
    else if (reader.field === Field.graph) graph.push(reader.range());
    else if (reader.field === Field.graphs) graphs.push(reader.range());
    else if (reader.field === Field.tensor || reader.field === Field.tensors) {
      budget.take(reader.start, MESSAGE);
      tensors.push(readTensor(reader.message(), budget));
    }
  }
  return { name, range, graph, graphs, tensors };
}

/** Reads the value of an attribute; `undefined` for graphs and types. */
export function readAttributeValue(
  bytes: Uint8Array,
  { range, tensors }: AttributeParts,
): AttributeValue | undefined {
  const reader = new FieldReader(bytes, range.start, range.stop);
  // Asked for after the model was read, so that it does not share that one's.
  const budget = new Budget();
  const numbers: number[] = [];
  const texts: string[] = [];
  const add = (value: number) => {
    budget.take(reader.start, ENTRY);
    numbers.push(value);
  };
  let single: AttributeValue | undefined = tensors[0];
  let type = 0;
  while (reader.next()) {
    if (reader.field === Field.float) reader.floats((value) => (single = value));
    else if (reader.field === Field.int) single = reader.integer();
    else if (reader.field === Field.string) single = reader.text();
    else if (reader.field === Field.floats) reader.floats(add);
    else if (reader.field === Field.ints) reader.integers(add);
    else if (reader.field === Field.strings) {
      budget.take(reader.start, MESSAGE);
      texts.push(reader.text());
    } else if (reader.field === Field.type) type = reader.integer();
  }
  if (numbers.length > 0 || type === ListType.floats || type === ListType.ints) return numbers;
  if (texts.length > 0 || type === ListType.strings) return texts;
  return single;
}
