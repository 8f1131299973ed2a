// Writes graph models as TensorFlow's converter does: a GraphDef in JSON, and the weights in one buffer.
import { tf } from "./support.js";

interface NodeDef {
  readonly name: string;
  readonly op: string;
  readonly input: readonly string[];
  readonly attr: Readonly<Record<string, object>>;
}

/** A graph under construction. Every method adds a node and gives its name, which is how later ones refer to it. */
export class GraphBuilder {
  readonly #nodes: NodeDef[] = [];
  readonly #weights: { name: string; tensor: tf.Tensor }[] = [];

  /** A node of any operation; attributes as they stand in a GraphDef (`text`, `list`, … make them). */
  node(op: string, name: string, input: readonly string[] = [], attr: NodeDef["attr"] = {}): string {
    this.#nodes.push({ name, op, input, attr: { T: { type: "DT_FLOAT" }, ...attr } });
    return name;
  }

  /** An input of the model. `null` is an extent that is open. */
  input(name: string, shape: readonly (number | null)[]): string {
    const dim = shape.map((size) => ({ size: String(size ?? -1) }));
    return this.node("Placeholder", name, [], { dtype: { type: "DT_FLOAT" }, shape: { shape: { dim } } });
  }

  /** A constant: weights as a rule. */
  constant(name: string, tensor: tf.Tensor): string {
    this.#weights.push({ name, tensor });
    return this.node("Const", name, [], {
      dtype: { type: tensor.dtype === "int32" ? "DT_INT32" : "DT_FLOAT" },
    });
  }

  /** The model, loaded by tfjs's own loader. */
  async load(options: { outputs?: readonly string[]; signature?: object } = {}): Promise<tf.GraphModel> {
    const { signature } = options;
    const specs = this.#weights.map(({ name, tensor }) => {
      return { name, shape: tensor.shape, dtype: tensor.dtype as "float32" | "int32" };
    });
    const parts = this.#weights.map(({ tensor }) => new Uint8Array(tensor.dataSync().slice().buffer));
    const node = [...this.#nodes];
    // tfjs takes for outputs the nodes that nobody uses. The converter ends each with an Identity.
    for (const [i, from] of (options.outputs ?? []).entries()) {
      node.push({ name: `Identity_${i}`, op: "Identity", input: [from], attr: { T: { type: "DT_FLOAT" } } });
    }
    const artifacts: tf.io.ModelArtifacts = {
      modelTopology: { node, versions: { producer: 1, minConsumer: 1 }, library: {} },
      weightSpecs: specs,
      // A copy: a small Buffer is a part of a larger one.
      weightData: Uint8Array.from(Buffer.concat(parts)).buffer,
    };
    if (signature) artifacts.signature = signature;
    return tf.loadGraphModel(tf.io.fromMemory(artifacts));
  }
}

const base64 = (value: string): string => Buffer.from(value).toString("base64");

export const text = (value: string): object => ({ s: base64(value) });
export const texts = (...values: string[]): object => ({ list: { s: values.map(base64) } });
export const integers = (...values: number[]): object => ({ list: { i: values.map(String) } });
export const whole = (value: number): object => ({ i: String(value) });
export const flag = (value: boolean): object => ({ b: value });
export const type = (value: string): object => ({ type: value });

/** Attributes of a convolution with stride 1 and no padding. */
export const convolution = {
  strides: integers(1, 1, 1, 1),
  dilations: integers(1, 1, 1, 1),
  padding: text("VALID"),
  data_format: text("NHWC"),
};

/** Attributes of a fused node. */
export const fused = (...operations: string[]): Record<string, object> => ({
  fused_ops: texts(...operations),
  num_args: whole(1),
  epsilon: { f: 0 },
});
