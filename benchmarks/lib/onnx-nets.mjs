import { readFileSync } from "node:fs";
import * as ort from "onnxruntime-node";
import { writeModel } from "../../examples/lib/onnx-writer.js";
import { randomWeights, seededRandom } from "../../examples/lib/random-weights.js";
import { textEncoder } from "../../examples/lib/text-encoder.js";

const NETWORKS = new URL("../../packages/conformance/fixtures/networks/", import.meta.url);

/** The trained network of the fixtures, on all digits in one batch. */
export function vgg() {
  const bytes = readFileSync(new URL("vgg/model.onnx", NETWORKS));
  return { bytes, feeds: { input: image([597, 1, 8, 8]) } };
}

/**
 * A backbone such as detectors have: 50 convolutions, five times half the size and up to 16 times the channels, in
 * residual blocks of two 3 × 3 convolutions with SiLU, the last of them the head.
 */
export function detector({ size = 320, width = 16, blocks = [3, 5, 6, 4, 4] } = {}) {
  const net = new ConvNet(randomWeights(1));
  net.conv(width, 2);
  for (const [stage, count] of blocks.entries()) {
    net.conv(Math.min(width << (stage + 1), 256), stage < 4 ? 2 : 1);
    for (let block = 0; block < count; block++) net.residual();
  }
  return { bytes: net.model(), feeds: { input: image([1, 3, size, size]) } };
}

/** BERT's form at the size of MiniLM: 6 layers of width 384, 8 texts of 128 tokens. */
export function encoder() {
  const [texts, tokens, vocabulary] = [8, 128, 1000];
  const next = seededRandom(2);
  const ids = BigInt64Array.from({ length: texts * tokens }, () => BigInt(Math.floor(next() * vocabulary)));
  const feeds = {
    input_ids: new ort.Tensor("int64", ids, [texts, tokens]),
    attention_mask: new ort.Tensor("int64", new BigInt64Array(ids.length).fill(1n), [texts, tokens]),
  };
  return { bytes: textEncoder({ layers: 6, width: 384, heads: 12, vocabulary, longest: tokens }), feeds };
}

class ConvNet {
  #weight;
  #nodes = [];
  #weights = [];
  #value = "input";
  #channels = 3;
  #count = 0;

  constructor(weight) {
    this.#weight = weight;
  }

  conv(channels, stride = 1, kernel = 3) {
    const name = `conv${this.#count++}`;
    const fanIn = this.#channels * kernel * kernel;
    this.#weights.push(
      this.#weight(`${name}.weight`, [channels, this.#channels, kernel, kernel], fanIn),
      this.#weight(`${name}.bias`, [channels], 100),
    );
    const pad = (kernel - 1) / 2;
    this.#add("Conv", [this.#value, `${name}.weight`, `${name}.bias`], `${name}.out`, {
      kernel_shape: [kernel, kernel],
      strides: [stride, stride],
      pads: [pad, pad, pad, pad],
    });
    this.#add("Sigmoid", [`${name}.out`], `${name}.gate`);
    this.#add("Mul", [`${name}.out`, `${name}.gate`], `${name}.silu`);
    this.#channels = channels;
  }

  residual() {
    const before = this.#value;
    this.conv(this.#channels);
    this.conv(this.#channels);
    this.#add("Add", [before, this.#value], `sum${this.#count}`);
  }

  model() {
    return writeModel({
      nodes: this.#nodes,
      weights: this.#weights,
      inputs: [{ name: "input", type: "float32", dims: ["n", 3, "h", "w"] }],
      outputs: [{ name: this.#value, type: "float32", dims: ["n", this.#channels, "a", "b"] }],
    });
  }

  #add(op, inputs, output, attributes = {}) {
    this.#nodes.push({ op, inputs, outputs: [output], attributes });
    this.#value = output;
  }
}

function image(dims) {
  const next = seededRandom(3);
  const length = dims.reduce((a, b) => a * b, 1);
  return new ort.Tensor(
    "float32",
    Float32Array.from({ length }, () => 2 * next() - 1),
    dims,
  );
}
