import type { Tensor } from "../types.js";

/** A model that TensorFlow's converter has made: `tf.GraphModel`. */
export interface GraphModel {
  readonly inputNodes: readonly string[];
  readonly outputNodes: readonly string[];
  /** Public names of inputs and outputs, where the converter has kept them. */
  readonly modelSignature: object;
  execute(inputs: never, outputs?: string | string[]): unknown;
  executeAsync(inputs: never, outputs?: string | string[]): Promise<unknown>;
  save(handler: SaveHandler): Promise<unknown>;
}

/** What `save` of a model hands its parts to. */
export interface SaveHandler {
  save(artifacts: { readonly modelTopology?: unknown }): Promise<SaveResult>;
}

interface SaveResult {
  readonly modelArtifactsInfo: { readonly dateSaved: Date; readonly modelTopologyType: "JSON" };
}

/** What `execute` is given: tensors in the order of the model's inputs, or by name. */
export type GraphInputs = Tensor | readonly Tensor[] | Readonly<Record<string, Tensor>>;

/** Whether something is a graph model rather than a model of layers, or a layer. */
export function isGraphModel(module: object): module is GraphModel {
  return "executeAsync" in module && typeof module.executeAsync === "function" && !("layers" in module);
}

/** The model's graph as the converter wrote it (GraphDef as JSON). Its public way out of a model is `save`. */
export async function topologyOf(model: GraphModel): Promise<unknown> {
  let topology: unknown;
  await model.save({
    async save({ modelTopology }) {
      topology = modelTopology;
      return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: "JSON" } };
    },
  });
  return topology;
}

interface Signature {
  readonly inputs?: Readonly<Record<string, { readonly name?: string | null }>>;
  readonly outputs?: Readonly<Record<string, { readonly name?: string | null }>>;
}

/** The node behind a name that `execute` takes for an output: the public name of one, a node, a node's n-th output. */
export function outputNodeOf({ modelSignature }: GraphModel, name: string): string {
  return nodeName((modelSignature as Signature | undefined)?.outputs?.[name]?.name ?? name);
}

/** The nodes whose values `execute` is given. */
export function fedNodes(model: GraphModel, inputs: GraphInputs): string[] {
  const byName = !Array.isArray(inputs) && typeof (inputs as Tensor).dataSync !== "function";
  const { inputs: publicNames } = (model.modelSignature ?? {}) as Signature;
  const names = byName ? Object.keys(inputs) : model.inputNodes;
  return names.map((name) => nodeName(publicNames?.[name]?.name ?? name));
}

/** `dense/BiasAdd:0` is the first output of the node `dense/BiasAdd`. */
export const nodeName = (name: string): string => name.split(":")[0]!;
