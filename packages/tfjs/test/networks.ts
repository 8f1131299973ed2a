// The trained networks among the fixtures, built anew as tfjs models with the weights of their ONNX files.
import { readFileSync } from "node:fs";
import { type NetworkCase, type OnnxTensor, readOnnxInitializers } from "@delve/conformance";
import { tf } from "./support.js";

/** A network as a tfjs model, and how its layers are called on either side. */
export interface RebuiltNetwork {
  readonly model: tf.LayersModel;
  /** The network's digits, in the shape that the model takes. */
  readonly input: tf.Tensor;
}

type Weights = (name: string) => OnnxTensor;
type Build = (weights: Weights) => tf.LayersModel;

/**
 * Layers are called as in PyTorch, with `-` for the dots, as Delve has it. Their activation functions, which PyTorch
 * has as modules of their own, are theirs here.
 */
const BUILDS: Record<string, Build> = { mlp: buildMlp, vgg: buildVgg, lstm: buildLstm };

/** The tfjs model of a network. With one channel, NCHW and NHWC digits are the same numbers in the same order. */
export function rebuild({ name, model, input }: NetworkCase): RebuiltNetwork {
  const initializers = readOnnxInitializers(readFileSync(model));
  const rebuilt = BUILDS[name]!((weight) => initializers.get(weight)!);
  const shape = rebuilt.inputs[0]!.shape.map((size) => size ?? input.shape[0]!);
  return { model: rebuilt, input: tf.tensor(input.data, shape, "float32") };
}

/** Name of a layer here, by its name in PyTorch. */
export const nameOf = (layer: string): string => layer.replaceAll(".", "-");

function buildMlp(weights: Weights): tf.LayersModel {
  const layers = ["1", "3", "5", "7"];
  const model = tf.sequential({
    layers: [
      tf.layers.flatten({ inputShape: [8, 8, 1] }),
      ...layers.map((name) => linear(name, weights, name === "7" ? "linear" : "relu")),
    ],
  });
  return withWeights(model, layers, (name) => linearWeights(name, weights));
}

function buildVgg(weights: Weights): tf.LayersModel {
  const convs = ["features.0", "features.2", "features.5", "features.7", "features.9"];
  const [first, second, ...rest] = convs.map((name) => conv(name, weights));
  const model = tf.sequential({
    layers: [
      tf.layers.inputLayer({ inputShape: [8, 8, 1] }),
      first!,
      second!,
      tf.layers.maxPooling2d({ poolSize: 2 }),
      ...rest,
      tf.layers.globalAveragePooling2d({}),
      linear("classifier", weights),
    ],
  });
  withWeights(model, convs, (name) => convWeights(name, weights));
  return withWeights(model, ["classifier"], (name) => linearWeights(name, weights));
}

/** A digit's rows are the time steps. */
function buildLstm(weights: Weights): tf.LayersModel {
  const units = weights("lstm.weight_hh_l0").shape[1]!;
  const model = tf.sequential({
    layers: [
      tf.layers.reshape({ inputShape: [8, 8, 1], targetShape: [8, 8] }),
      // PyTorch's gates are true sigmoids; tfjs's are piecewise linear ones where nothing is said.
      tf.layers.lstm({ name: "lstm", units, recurrentActivation: "sigmoid", returnSequences: false }),
      linear("head", weights),
    ],
  });
  withWeights(model, ["lstm"], () => lstmWeights(weights));
  return withWeights(model, ["head"], (name) => linearWeights(name, weights));
}

function linear(name: string, weights: Weights, activation: "linear" | "relu" = "linear"): tf.layers.Layer {
  return tf.layers.dense({ name: nameOf(name), units: weights(`${name}.bias`).shape[0]!, activation });
}

/** PyTorch pads by one on either side, which for an odd kernel and stride 1 is "same". */
function conv(name: string, weights: Weights): tf.layers.Layer {
  const filters = weights(`${name}.bias`).shape[0]!;
  return tf.layers.conv2d({
    name: nameOf(name),
    filters,
    kernelSize: 3,
    padding: "same",
    activation: "relu",
  });
}

/** (out, in) → (in, out). */
function linearWeights(name: string, weights: Weights): tf.Tensor[] {
  return [permuted(weights(`${name}.weight`), [1, 0]), vector(weights(`${name}.bias`))];
}

/** (out, in, height, width) → (height, width, in, out). */
function convWeights(name: string, weights: Weights): tf.Tensor[] {
  return [permuted(weights(`${name}.weight`), [2, 3, 1, 0]), vector(weights(`${name}.bias`))];
}

/**
 * The initializers are PyTorch's own parameters: gates in the order input, forget, cell, output, which is tfjs's too
 * (the exported graph itself slices them into ONNX's order). tfjs has one bias where PyTorch adds up two.
 */
function lstmWeights(weights: Weights): tf.Tensor[] {
  const bias = vector(weights("lstm.bias_ih_l0")).add(vector(weights("lstm.bias_hh_l0")));
  return [
    permuted(weights("lstm.weight_ih_l0"), [1, 0]),
    permuted(weights("lstm.weight_hh_l0"), [1, 0]),
    bias,
  ];
}

const permuted = ({ data, shape }: OnnxTensor, order: number[]): tf.Tensor =>
  tf.transpose(tf.tensor(data, [...shape]), order);

const vector = ({ data }: OnnxTensor): tf.Tensor => tf.tensor1d(data);

function withWeights(
  model: tf.LayersModel,
  layers: readonly string[],
  weightsOf: (layer: string) => tf.Tensor[],
): tf.LayersModel {
  tf.tidy(() => {
    for (const layer of layers) model.getLayer(nameOf(layer)).setWeights(weightsOf(layer));
  });
  return model;
}
