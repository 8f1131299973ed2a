import { readCase } from "@delve/conformance";
import { describe, expect, test } from "vitest";
import { findLayers } from "../src/layers.js";
import { tf } from "./support.js";

/** A module of PyTorch, by the name of its class. */
interface Tree {
  readonly type: string;
  readonly children?: readonly [name: string, child: Tree][];
  readonly attrs?: { readonly name?: string };
}

/** A module tree, and the names that Delve's columns have for its layers. */
interface NamingCase {
  readonly id: string;
  readonly tree?: Tree | readonly Tree[] | string | null;
  readonly options?: {
    readonly layer_filter_keep?: readonly string[];
    readonly ignore_layer_names?: unknown;
  };
  readonly hook_names?: readonly string[];
}

const { layers } = tf;
const LAYERS: Readonly<Record<string, (name: string) => tf.layers.Layer>> = {
  Linear: (name) => layers.dense({ name, units: 2 }),
  Conv2d: (name) => layers.conv2d({ name, filters: 2, kernelSize: 1 }),
  LSTM: (name) => layers.lstm({ name, units: 2 }),
  GRU: (name) => layers.gru({ name, units: 2 }),
  Conv1d: (name) => layers.conv1d({ name, filters: 2, kernelSize: 1 }),
  ConvTranspose2d: (name) => layers.conv2dTranspose({ name, filters: 2, kernelSize: 1 }),
  BatchNorm2d: (name) => layers.batchNormalization({ name }),
};
const OF_STEPS = ["LSTM", "GRU", "Conv1d"];

/** A tree as a model of models, its children side by side; anything else than these layers passes through. */
function modelOf({ children = [] }: Tree, name: string): tf.LayersModel {
  const input = tf.input({ shape: [4, 4, 2] });
  const steps = layers.reshape({ targetShape: [16, 2] }).apply(input) as tf.SymbolicTensor;
  const outputs = children.map(([place, child]) => {
    const own = child.attrs?.name ?? place;
    if (child.children) return modelOf(child, own).apply(input);
    const layer = LAYERS[child.type]?.(own) ?? layers.activation({ name: own, activation: "relu" });
    return layer.apply(OF_STEPS.includes(child.type) ? steps : input);
  });
  return tf.model({ name, inputs: input, outputs: outputs.flat() as tf.SymbolicTensor[] });
}

/** Where names differ from Delve's, and what they are here. */
const DIFFERENCES: Readonly<Record<string, { reason: string; names: readonly string[] }>> = {
  unsupported_only: {
    reason: "Delve knows Linear, Conv2d and LSTM alone",
    names: ["0", "1", "3"],
  },
  subclass_lazy_like_container: {
    reason: "what PyTorch has inside MultiheadAttention is not in the tree",
    names: ["ff"],
  },
  layer_filter_keep_fc: { reason: "names are given before layers are chosen", names: ["conv", "fc"] },
  container_with_out_features: { reason: "Delve raises TypeError for the attribute", names: ["a"] },
  sequential_with_out_features: { reason: "Delve loses the nested names for it", names: ["0", "2"] },
};

const { cases } = readCase<{ cases: NamingCase[] }>("naming/naming.json");
const trees = cases.filter(({ tree }) => {
  return typeof tree === "object" && tree !== null && "children" in tree && tree.children!.length > 0;
});

describe("layers of nested models have Delve's names", () => {
  test.each(trees)("$id", ({ id, tree, hook_names: names = [] }) => {
    const found = findLayers(modelOf(tree as Tree, "model")).layers.map((layer) => layer.name);
    expect(found.sort()).toEqual([...(DIFFERENCES[id]?.names ?? names)].sort());
  });

  test("all trees there are", () => {
    expect(trees.length).toBe(16);
  });
});
