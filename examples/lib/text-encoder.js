import { writeModel } from "./onnx-writer.js";
import { randomWeights } from "./random-weights.js";

/**
 * A text encoder of BERT's form with random weights, as exporters write it: inputs `input_ids` and `attention_mask`
 * (texts × tokens, int64), output `last_hidden_state` (texts × tokens × width).
 *
 * @param {{ layers: number, width: number, heads: number, vocabulary: number, longest: number, seed?: number }} size
 * @returns {Uint8Array} The ONNX model.
 */
export function textEncoder({ layers, width, heads, vocabulary, longest, seed = 1 }) {
  const net = new Network(randomWeights(seed));
  let hidden = embed(net, { width, vocabulary, longest });
  const bias = maskAsBias(net);
  for (let i = 0; i < layers; i++)
    hidden = encoderLayer(net, `encoder.layer.${i}`, hidden, bias, width, heads);
  net.add("Identity", [hidden], {}, "last_hidden_state");
  const tokens = ["texts", "tokens"];
  return writeModel({
    nodes: net.nodes,
    weights: net.weights,
    inputs: [
      { name: "input_ids", type: "int64", dims: tokens },
      { name: "attention_mask", type: "int64", dims: tokens },
    ],
    outputs: [{ name: "last_hidden_state", type: "float32", dims: [...tokens, width] }],
  });
}

/** Nodes and weights as they are added. Each method returns the name of the value that it gives. */
class Network {
  nodes = [];
  weights = [];
  #made;
  #values = 0;

  constructor(made) {
    this.#made = made;
  }

  add(op, inputs, attributes = {}, output = `value_${this.#values++}`) {
    this.nodes.push({ op, inputs, outputs: [output], attributes, name: `node_${op}_${this.nodes.length}` });
    return output;
  }

  weight(name, dims, fanIn) {
    this.weights.push(this.#made(name, dims, fanIn));
    return name;
  }

  constant(data, dims = [data.length]) {
    const name = `constant_${this.weights.length}`;
    this.weights.push({ name, dims, data });
    return name;
  }

  scalar(value) {
    return this.constant(Float32Array.of(value), []);
  }

  shape(...extents) {
    return this.constant(BigInt64Array.from(extents, BigInt));
  }

  dense(name, input, from, to) {
    const product = this.add("MatMul", [input, this.weight(`${name}.weight`, [from, to], 2 * from)]);
    return this.add("Add", [this.weight(`${name}.bias`, [to], 1e4), product]);
  }

  norm(name, input, width) {
    const scale = `${name}.scale`;
    this.weights.push({ name: scale, dims: [width], data: new Float32Array(width).fill(1) });
    const bias = this.weight(`${name}.bias`, [width], 1e4);
    return this.add("LayerNormalization", [input, scale, bias], { axis: -1 });
  }
}

function embed(net, { width, vocabulary, longest }) {
  const words = net.weight("embeddings.word_embeddings.weight", [vocabulary, width], 2);
  const places = net.weight("embeddings.position_embeddings.weight", [longest, width], 8);
  const word = net.add("Gather", [words, "input_ids"]);
  const tokens = net.add("Gather", [net.add("Shape", ["input_ids"]), net.constant(BigInt64Array.of(1n), [])]);
  const zero = net.constant(BigInt64Array.of(0n), []);
  const range = net.add("Range", [zero, tokens, net.constant(BigInt64Array.of(1n), [])]);
  const sum = net.add("Add", [word, net.add("Gather", [places, range])]);
  return net.norm("embeddings.LayerNorm", sum, width);
}

/** 0 where a token counts and −10000 where it is padding, for all heads and queries. */
function maskAsBias(net) {
  const mask = net.add("Cast", ["attention_mask"], { to: 1 });
  const missing = net.add("Sub", [net.scalar(1), mask]);
  const bias = net.add("Mul", [missing, net.scalar(-10000)]);
  return net.add("Unsqueeze", [bias, net.shape(1, 2)]);
}

function encoderLayer(net, name, input, bias, width, heads) {
  const attended = attention(net, `${name}.attention`, input, bias, width, heads);
  const between = net.norm(`${name}.attention.output.LayerNorm`, net.add("Add", [attended, input]), width);
  const wide = gelu(net, net.dense(`${name}.intermediate.dense`, between, width, 4 * width));
  const back = net.dense(`${name}.output.dense`, wide, 4 * width, width);
  return net.norm(`${name}.output.LayerNorm`, net.add("Add", [back, between]), width);
}

function attention(net, name, input, bias, width, heads) {
  const size = width / heads;
  const split = (part, perm) => {
    const all = net.dense(`${name}.self.${part}`, input, width, width);
    return net.add("Transpose", [net.add("Reshape", [all, net.shape(0, 0, heads, size)])], { perm });
  };
  const [query, key] = [split("query", [0, 2, 1, 3]), split("key", [0, 2, 3, 1])];
  const scores = net.add("Div", [net.add("MatMul", [query, key]), net.scalar(Math.sqrt(size))]);
  const shares = net.add("Softmax", [net.add("Add", [scores, bias])], { axis: -1 });
  const mixed = net.add("MatMul", [shares, split("value", [0, 2, 1, 3])]);
  const turned = net.add("Transpose", [mixed], { perm: [0, 2, 1, 3] });
  const joined = net.add("Reshape", [turned, net.shape(0, 0, width)]);
  return net.dense(`${name}.output.dense`, joined, width, width);
}

/** x · (1 + erf(x / √2)) / 2 */
function gelu(net, input) {
  const erf = net.add("Erf", [net.add("Div", [input, net.scalar(Math.SQRT2)])]);
  const both = net.add("Mul", [input, net.add("Add", [erf, net.scalar(1)])]);
  return net.add("Mul", [both, net.scalar(0.5)]);
}
