import { DataType, type NewAttribute, type NewNode, type TapLayout } from "../model/types.js";

/** A matrix of samples as a value of a graph. */
export interface SampleMatrixValue {
  readonly value: string;
  /** 0: samples × features; 1: features × samples. */
  readonly sampleAxis: 0 | 1;
}

/** Nodes of a graph that is being written; each method gives the name of the value that it adds. */
export class SampleMatrixNodes {
  readonly nodes: NewNode[] = [];
  readonly #name: (part: string) => string;

  constructor(name: (part: string) => string) {
    this.#name = name;
  }

  /** An operation with one output. */
  add(opType: string, inputs: readonly string[], attributes: Record<string, NewAttribute> = {}): string {
    const output = this.#name(opType);
    this.nodes.push({ opType, inputs, outputs: [output], attributes });
    return output;
  }

  /** A constant. As a node: an initializer would have to be an input too in models of IR version 3. */
  constant(given: {
    dataType: number;
    dims: readonly number[];
    values: Float64Array | BigInt64Array;
  }): string {
    const { dataType, dims, values } = given;
    const data = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    return this.add("Constant", [], { value: { tensor: { dataType, dims, data } } });
  }

  /** A reduction over one axis, which operator sets took as an attribute first and take as an input later. */
  reduce(
    opType: string,
    value: string,
    axis: number,
    asAttribute: boolean,
    attributes: Record<string, NewAttribute>,
  ): string {
    if (asAttribute) return this.add(opType, [value], { axes: { ints: [axis] }, ...attributes });
    return this.add(opType, [value, this.#integers(axis)], attributes);
  }

  /**
   * The samples of a layer's output, every position and time step a sample. Channels that come first stay first:
   * of a single image nothing has to be moved then, and of several only whole maps.
   */
  samplesOf(tensor: string, layout: TapLayout, features: number): SampleMatrixValue {
    if (layout.kind === "conv" && layout.layout === "channelsFirst") {
      const maps = this.#reshape(tensor, 0, 0, -1);
      const byChannel = this.add("Transpose", [maps], { perm: { ints: [1, 0, 2] } });
      return { value: this.#reshape(byChannel, features, -1), sampleAxis: 1 };
    }
    const inOrder =
      layout.kind === "recurrent" && !layout.batchFirst && layout.directions > 1
        ? this.add("Transpose", [tensor], { perm: { ints: [0, 2, 1, 3] } })
        : tensor;
    return { value: this.#reshape(inOrder, -1, features), sampleAxis: 0 };
  }

  #reshape(value: string, ...shape: number[]): string {
    return this.add("Reshape", [value, this.#integers(...shape)]);
  }

  #integers(...values: number[]): string {
    const numbers = BigInt64Array.from(values, BigInt);
    return this.constant({ dataType: DataType.int64, dims: [values.length], values: numbers });
  }
}
