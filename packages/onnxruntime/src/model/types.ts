/**
 * The contract between reading models and running them: what a model is, which of its nodes are layers, and the tail
 * of bytes that makes their outputs visible. Plain data and small interfaces, no behaviour.
 */

/** Numbers of `TensorProto.DataType` in onnx.proto. */
export const DataType = {
  undefined: 0,
  float: 1,
  uint8: 2,
  int8: 3,
  uint16: 4,
  int16: 5,
  int32: 6,
  int64: 7,
  string: 8,
  bool: 9,
  float16: 10,
  double: 11,
  uint32: 12,
  uint64: 13,
  complex64: 14,
  complex128: 15,
  bfloat16: 16,
} as const;

/** What an attribute holds. Integers beyond 2⁵³ are rounded. Graphs are read as `OnnxNode.subgraphs`. */
export type AttributeValue = number | string | readonly number[] | readonly string[] | OnnxTensor;

/** One operation. Repeated and empty names are as the model has them; an absent input or output is "". */
export interface OnnxNode {
  /** Place among the nodes of its graph. */
  readonly index: number;
  readonly name: string;
  readonly opType: string;
  /** "" for the default domain, also where the model writes "ai.onnx". */
  readonly domain: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** The value of an attribute, read when asked for; `undefined` if the node has no such attribute. */
  attribute(name: string): AttributeValue | undefined;
  /** Bodies of If, Loop, Scan and their kin. */
  readonly subgraphs: readonly OnnxGraph[];
  /** Constants held by attributes, as that of a Constant. */
  readonly tensors: readonly OnnxTensor[];
  /** The bytes of the NodeProto: a view into the model. */
  readonly bytes: Uint8Array;
}

/** Where a tensor lies that is not in the model's own bytes. */
export interface ExternalLocation {
  /** As the model writes it: not to be trusted. See `resolveExternalPath`. */
  readonly location: string;
  readonly offset: number;
  /** `null`: to the end of the file. */
  readonly length: number | null;
}

/** A constant of the model. Its values are not read. */
export interface OnnxTensor {
  readonly name: string;
  readonly dataType: number;
  readonly dims: readonly number[];
  /** `null` if its values lie in the model itself. */
  readonly external: ExternalLocation | null;
}

/** Type and shape of a value as far as the model says them. */
export interface OnnxValue {
  readonly name: string;
  /** `DataType.undefined` if not said, or not a tensor. */
  readonly elemType: number;
  /** Extents; a string is a symbol, `null` is unknown. `null` as a whole: not even the rank is said. */
  readonly shape: readonly (number | string | null)[] | null;
}

/** A graph: the main one, or the body of a node or a function. */
export interface OnnxGraph {
  readonly name: string;
  readonly nodes: readonly OnnxNode[];
  readonly initializers: ReadonlyMap<string, OnnxTensor>;
  readonly inputs: readonly OnnxValue[];
  readonly outputs: readonly OnnxValue[];
  readonly valueInfos: ReadonlyMap<string, OnnxValue>;
}

/** A local function, called by nodes with its name as their op type. */
export interface OnnxFunction {
  readonly name: string;
  readonly domain: string;
  readonly nodes: readonly OnnxNode[];
}

/** A model as read: everything but the values of its tensors, with views into its bytes. */
export interface OnnxModel {
  readonly bytes: Uint8Array;
  readonly irVersion: number;
  /** Version by domain; the default domain is "". */
  readonly opsets: ReadonlyMap<string, number>;
  readonly graph: OnnxGraph;
  readonly functions: readonly OnnxFunction[];
  /** Locations of external data, each once, as the model writes them. */
  readonly externalLocations: readonly string[];
}

/**
 * How the axes of a layer's output are to be read.
 *
 * | kind | axes |
 * |---|---|
 * | dense | [samples, …steps, features]; of a single axis, features of one sample |
 * | conv, channelsFirst | [samples, channels, place …] |
 * | conv, channelsLast | [samples, place …, channels] |
 * | recurrent | [steps, directions, samples, features], or [samples, steps, directions, features] if batchFirst |
 * | attention | [samples, steps, features] |
 * | any | not known: 2 axes as dense, 3 as sequence, 4 and more as conv, channelsFirst |
 */
export type TapLayout =
  | { readonly kind: "dense" }
  | { readonly kind: "conv"; readonly layout: "channelsFirst" | "channelsLast" }
  | { readonly kind: "recurrent"; readonly batchFirst: boolean; readonly directions: number }
  | { readonly kind: "attention" }
  | { readonly kind: "any" };

/** How the float values of a candidate come about. */
export type TapSource =
  /** They are the tensor itself, or a Cast of it where its type is not float32 or float64. */
  | { readonly via: "tensor" }
  /** They are a DequantizeLinear of the tensor. */
  | {
      readonly via: "dequantize";
      readonly scale: string;
      readonly zeroPoint: string;
      readonly axis: number | null;
      readonly domain: string;
    }
  /** They are the tensor with heads in an axis of their own, [samples, heads, steps, size], brought to [samples, steps, heads · size]. */
  | { readonly via: "heads" }
  /** The tensor has no name in the model, or must not be used twice: the node is run a second time with its own output. */
  | { readonly via: "copy"; readonly node: OnnxNode }
  /** They cannot be had. */
  | { readonly via: "nothing" };

/** A node that is a layer or might be taken for one, and what was decided. */
export interface Candidate {
  /** Unique among the candidates that are taken, and stable between runs. */
  readonly layer: string;
  readonly taken: boolean;
  /** Why it is taken or left, as a sentence without a full stop. */
  readonly reason: string;
  /** Operation, with its domain unless that is the default one: `Conv`, `com.microsoft.FusedConv`; "" for a tensor that was named by the user. */
  readonly op: string;
  /** As the model has it; may be empty. */
  readonly nodeName: string;
  /** The initializer that names the layer; `null` if there is none. */
  readonly weight: string | null;
  /** The value to be seen: of the model, or "" where it has no name. */
  readonly tensor: string;
  readonly source: TapSource;
  /** Type of `tensor`; `DataType.undefined` if not known. */
  readonly elemType: number;
  readonly layout: TapLayout;
  /** Number of features, if the model says. Of one direction of a recurrent layer. */
  readonly features: number | null;
}

/** Which candidates to take. */
export interface LayerOptions {
  /** Passes over the layers for which it returns false. */
  readonly layerFilter?: ((layer: string) => boolean) | undefined;
  /** Layers to pass over. */
  readonly ignoreLayerNames?: readonly string[] | undefined;
  /** Take convolutions; true by default. */
  readonly includeConv?: boolean | undefined;
  /** Values of the model to record besides, by name. */
  readonly tensors?: readonly string[] | undefined;
}

/** A node to be appended. */
export interface NewNode {
  readonly opType: string;
  /** "" by default. */
  readonly domain?: string;
  readonly name?: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes?: Readonly<Record<string, NewAttribute>>;
}

/** What an appended attribute holds. */
export type NewAttribute =
  | { readonly int: number }
  | { readonly float: number }
  | { readonly string: string }
  | { readonly ints: readonly number[] }
  | { readonly floats: readonly number[] }
  | { readonly tensor: NewTensor }
  | { readonly graph: NewGraph };

/** The body of an appended If: it reads the values around it, and gives its outputs in order. */
export interface NewGraph {
  readonly name: string;
  readonly nodes: readonly NewNode[];
  readonly outputs: readonly string[];
}

/** A constant to be appended. */
export interface NewTensor {
  readonly name?: string;
  readonly dataType: number;
  readonly dims: readonly number[];
  /** The values as they lie in memory, little-endian. */
  readonly data: Uint8Array;
}

/** An input or output to be appended: without a type it is what the runtime infers (outputs only). */
export interface NewValue {
  readonly name: string;
  readonly elemType?: number;
  /** Extents; a string is a symbol. Leave out for an unknown rank. */
  readonly shape?: readonly (number | string)[];
}

/** Bytes to append to a model. Protobuf merges them into it: nothing of the model is written anew. */
export interface ModelTail {
  /** A name that neither the model nor this tail has, beginning with `prefix`. */
  freshName(prefix: string): string;
  addNode(node: NewNode): void;
  /** A further run of a node of the model, with other outputs and without a name. */
  addNodeCopy(node: OnnxNode, outputs: readonly string[]): void;
  /** Adds a graph output, once: what the model or this tail has already as an output is left alone. */
  addOutput(value: NewValue): void;
  addInput(value: NewValue): void;
  addInitializer(tensor: NewTensor & { readonly name: string }): void;
  /** The version of a domain that the model imports; if it imports none, `otherwise` is added and returned. */
  opset(domain: string, otherwise: number): number;
  /** Everything added, as bytes that go after the model's. */
  bytes(): Uint8Array<ArrayBuffer>;
}

/** A layer whose values are a tensor of the extended graph, float32 or float64. */
export interface Tap {
  readonly candidate: Candidate;
  /** Name of the tensor with the float values, in the extended graph. */
  readonly tensor: string;
  /** Whether `tensor` is an output of the model as it was: it is then not to be hidden. */
  readonly original: boolean;
  /** `DataType.float` or `DataType.double`. */
  readonly elemType: number;
}

/*
 * The functions that go with these types, in the files that hold them:
 *
 *   readModel(bytes: Uint8Array): OnnxModel                                    model/read-model.ts
 *   findCandidates(model: OnnxModel, options?: LayerOptions): Candidate[]      layers/find-candidates.ts
 *   createTail(model: OnnxModel): ModelTail                                    model/model-tail.ts
 *   tapLayer(tail: ModelTail, model: OnnxModel, candidate: Candidate): Tap     layers/tap-layer.ts   (no output added)
 *   appendTail(model: Uint8Array, tail: Uint8Array): Uint8Array                model/model-tail.ts   (one copy)
 */
