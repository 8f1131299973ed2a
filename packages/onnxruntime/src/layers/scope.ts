import { DataType, type OnnxGraph, type OnnxNode, type OnnxTensor, type OnnxValue } from "../model/types.js";

/** Operators whose outputs are not settled by their inputs. */
const RANDOM = /^(Random|Bernoulli|Multinomial|Dropout)/;

/** Operators whose first output has the type of the input with this index. */
const TYPE_FROM_INPUT: Readonly<Record<string, number>> = {
  Identity: 0,
  Transpose: 0,
  Reshape: 0,
  Flatten: 0,
  Squeeze: 0,
  Unsqueeze: 0,
  Slice: 0,
  Concat: 0,
  Split: 0,
  Expand: 0,
  Add: 0,
  Sub: 0,
  Mul: 0,
  Div: 0,
  Relu: 0,
  Conv: 1,
  ConvTranspose: 1,
  Gemm: 1,
  MatMul: 1,
  LSTM: 1,
  GRU: 1,
  RNN: 1,
  QLinearConv: 7,
  QLinearMatMul: 7,
  QuantizeLinear: 2,
  DequantizeLinear: 1,
};

const NONE: readonly OnnxNode[] = [];

/** A graph seen from its values: who makes them, who takes them, which are constant, and of what type they are. */
export class Scope {
  readonly graph: OnnxGraph;
  /** The graph around this one, if this is the body of a node. */
  readonly outer: Scope | null;
  readonly #producers = new Map<string, OnnxNode>();
  readonly #consumers = new Map<string, OnnxNode[]>();
  readonly #constants = new Set<string>();
  readonly #types = new Map<string, number>();
  readonly #values = new Map<string, OnnxValue>();
  readonly #outputs: ReadonlySet<string>;

  constructor(graph: OnnxGraph, outer: Scope | null = null) {
    this.graph = graph;
    this.outer = outer;
    this.#outputs = new Set(graph.outputs.map(({ name }) => name));
    for (const value of [...graph.inputs, ...graph.valueInfos.values(), ...graph.outputs]) {
      this.#values.set(value.name, value);
      if (value.elemType !== DataType.undefined) this.#types.set(value.name, value.elemType);
    }
    for (const { name, dataType } of graph.initializers.values()) {
      this.#constants.add(name);
      this.#types.set(name, dataType);
    }
    for (const node of graph.nodes) this.#enter(node);
  }

  producer(value: string): OnnxNode | undefined {
    return this.#producers.get(value) ?? this.outer?.producer(value);
  }

  /** Nodes of this graph that take a value. Bodies within it are not looked into. */
  consumers(value: string): readonly OnnxNode[] {
    return this.#consumers.get(value) ?? NONE;
  }

  initializer(value: string): OnnxTensor | undefined {
    return this.graph.initializers.get(value) ?? this.outer?.initializer(value);
  }

  /** Whether a value follows from initializers and Constant nodes alone, whatever is computed on the way. */
  isConstant(value: string): boolean {
    return this.#constants.has(value) || (this.outer?.isConstant(value) ?? false);
  }

  isOutput(value: string): boolean {
    return this.#outputs.has(value);
  }

  /** Whether the graph has a value of this name. */
  has(value: string): boolean {
    return this.#producers.has(value) || this.graph.initializers.has(value) || this.#values.has(value);
  }

  /** Names of all values of the graph. */
  names(): string[] {
    return [
      ...new Set([
        ...this.#producers.keys(),
        ...this.graph.inputs.map(({ name }) => name),
        ...this.#constants,
      ]),
    ];
  }

  /** `DataType.undefined` if neither the model says it nor the nodes before it settle it. */
  elemType(value: string): number {
    return this.#types.get(value) ?? this.outer?.elemType(value) ?? DataType.undefined;
  }

  /** Type and shape as far as the model says them. */
  value(value: string): OnnxValue | undefined {
    return this.#values.get(value);
  }

  #enter(node: OnnxNode): void {
    for (const input of node.inputs) {
      if (input === "") continue;
      const consumers = this.#consumers.get(input);
      if (consumers === undefined) this.#consumers.set(input, [node]);
      else consumers.push(node);
    }
    const constant = this.#isConstantNode(node);
    for (const output of node.outputs) {
      if (output === "") continue;
      this.#producers.set(output, node);
      if (constant) this.#constants.add(output);
    }
    this.#enterType(node);
  }

  #isConstantNode({ opType, inputs, subgraphs }: OnnxNode): boolean {
    if (subgraphs.length > 0 || RANDOM.test(opType)) return false;
    return inputs.length === 0
      ? opType === "Constant"
      : inputs.every((input) => input === "" || this.isConstant(input));
  }

  #enterType(node: OnnxNode): void {
    const output = node.outputs[0] ?? "";
    if (output === "" || this.#types.has(output)) return;
    const type = this.#typeOf(node);
    if (type !== DataType.undefined) this.#types.set(output, type);
  }

  #typeOf(node: OnnxNode): number {
    const { opType, domain, inputs } = node;
    if (opType === "Constant") return node.tensors[0]?.dataType ?? DataType.undefined;
    if (opType === "ConvInteger" || opType === "MatMulInteger") return DataType.int32;
    const said = node.attribute(opType === "Cast" ? "to" : "output_dtype");
    if (typeof said === "number" && said !== 0) return said;
    const index = domain === "" || domain === "com.microsoft" ? TYPE_FROM_INPUT[opType] : undefined;
    return index === undefined ? DataType.undefined : this.elemType(inputs[index] ?? "");
  }
}
