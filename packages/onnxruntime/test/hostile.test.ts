import { readFileSync } from "node:fs";
import { fixturePath, processorTime, propertyRuns, type Random, seededRandom } from "@delve/conformance";
import { describe, expect, test } from "vitest";
import { ModelFormatError } from "../src/errors.js";
import { findCandidates } from "../src/layers/find-candidates.js";
import { readModel } from "../src/model/read-model.js";
import { DataType } from "../src/model/types.js";
import { MessageWriter } from "../src/protobuf/message-writer.js";
import { instrument, NoLayerError } from "../src/session/instrument.js";
import { type MadeNode, makeModel, tensor } from "./make-model.js";

// Bytes from anywhere end in a model or in a ModelFormatError, soon, and with little memory.

/** Milliseconds of processor time that any one input may take; nearly all take less than one. */
const SOON = 2000;

const network = (name: string): Uint8Array => readFileSync(fixturePath(`networks/${name}/model.onnx`));

/** A model with one of everything: a body, a function, external data, quantised and recurrent layers. */
function variedModel(): Uint8Array {
  const w = (name: string, dims: number[]) => tensor(name, dims, (i) => Math.sin(i));
  const matMul = (input: string, weight: string, output: string): MadeNode => ({
    opType: "MatMul",
    inputs: [input, weight],
    outputs: [output],
  });
  const body = { nodes: [matMul("x", "a.weight", "in_body")], outputs: [{ name: "in_body" }] };
  return makeModel({
    domains: { own: 1 },
    inputs: [{ name: "x", elemType: DataType.float, shape: ["n", 4] }],
    outputs: [{ name: "y", elemType: DataType.float, shape: ["n", 4] }],
    initializers: [
      w("a.weight", [4, 4]),
      w("a.bias", [4]),
      { ...w("b.weight", [4, 4]), external: { location: "b.bin", offset: "0", length: "64" } },
      tensor("yes", [], [1], DataType.bool),
      tensor("scale", [], [0.1]),
      tensor("zero", [], [128], DataType.uint8),
    ],
    nodes: [
      matMul("x", "a.weight", "m"),
      { opType: "Add", inputs: ["m", "a.bias"], outputs: ["s"] },
      { opType: "QuantizeLinear", inputs: ["s", "scale", "zero"], outputs: ["q"] },
      { opType: "DequantizeLinear", inputs: ["q", "scale", "zero"], outputs: ["d"] },
      { opType: "If", inputs: ["yes"], outputs: ["i"], bodies: { then_branch: body, else_branch: body } },
      { opType: "Linear", domain: "own", inputs: ["d", "b.weight"], outputs: ["y"] },
      { opType: "Transpose", inputs: ["b.weight"], outputs: ["t"], attributes: { perm: { ints: [1, 0] } } },
      matMul("y", "t", "unused"),
    ],
    functions: [
      {
        name: "Linear",
        domain: "own",
        inputs: ["input", "weight"],
        outputs: ["output"],
        nodes: [matMul("input", "weight", "output")],
        opsets: { "": 13 },
      },
    ],
  });
}

const MODELS: readonly [string, Uint8Array][] = [
  ["mlp", network("mlp")],
  ["lstm", network("lstm")],
  ["varied", variedModel()],
];

/** Reads a model as far as a session would, and says whether it was one, if perhaps without a layer. */
function outcome(bytes: Uint8Array): "model" | "refused" {
  let result: "model" | "refused" = "model";
  const milliseconds = processorTime(() => {
    result = read(bytes);
  });
  expect(milliseconds).toBeLessThan(SOON);
  return result;
}

function read(bytes: Uint8Array): "model" | "refused" {
  try {
    instrument(bytes, { where: "graph", timeseriesMethod: "tokenwise" });
    return "model";
  } catch (error) {
    if (error instanceof NoLayerError) return "model";
    if (!(error instanceof ModelFormatError)) throw error;
    expect(error.message).toMatch(/^(readModel|tapLayer): .+, got .+/);
    return "refused";
  }
}

describe.each(MODELS)("%s", (_, bytes) => {
  test("is a model", () => {
    expect(outcome(bytes)).toBe("model");
  });

  test("cut off after any of its bytes, it is refused until its last needed field is there", () => {
    const whole: number[] = [];
    for (let length = 0; length < bytes.length; length++) {
      if (outcome(bytes.subarray(0, length)) === "model") whole.push(length);
    }
    // What follows graph and operator sets is optional: a file that ends between such fields is a model too.
    const { graph } = readModel(bytes);
    for (const length of whole)
      expect(readModel(bytes.subarray(0, length)).graph.nodes).toHaveLength(graph.nodes.length);
    expect(whole.length).toBeLessThanOrEqual(3);
  });

  test("with random bytes changed, put in or taken out, it is read or refused", () => {
    const random = seededRandom(20_260_607);
    const outcomes = { model: 0, refused: 0 };
    for (let run = 0; run < propertyRuns(1500); run++) outcomes[outcome(mutated(bytes, random))]++;
    // Weights are most of a model, and a change in them is none of the reader's business.
    expect(outcomes.model).toBeGreaterThan(0);
    expect(outcomes.refused).toBeGreaterThan(0);
  });
});

/** One to eight changes: a byte, a bit, a few bytes more or less, a piece twice. */
function mutated(bytes: Uint8Array, random: Random): Uint8Array {
  let changed = Uint8Array.from(bytes);
  for (let i = random.integer(8); i >= 0; i--) {
    const at = random.integer(changed.length);
    const kind = random.integer(4);
    if (kind < 2) changed[at] = kind === 0 ? random.integer(256) : changed[at]! ^ (1 << random.integer(8));
    else if (kind === 2) changed = spliced(changed, at, random.integer(9), noise(random));
    else changed = spliced(changed, at, 0, changed.subarray(at - random.integer(Math.min(at, 300) + 1), at));
  }
  return changed;
}

const noise = (random: Random): Uint8Array =>
  Uint8Array.from({ length: random.integer(12) }, () =>
    random.integer(3) === 0 ? 255 : random.integer(256),
  );

function spliced(bytes: Uint8Array, at: number, drop: number, put: Uint8Array): Uint8Array<ArrayBuffer> {
  const rest = bytes.subarray(at + drop);
  const result = new Uint8Array(at + put.length + rest.length);
  result.set(bytes.subarray(0, at));
  result.set(put, at);
  result.set(rest, at + put.length);
  return result;
}

const ascii = (text: string): Uint8Array => Uint8Array.from(text, (letter) => letter.charCodeAt(0));

describe("what is not ONNX is called by its name", () => {
  test.each([
    ["", "no bytes"],
    ["version https://git-lfs.example/spec/v1\noid sha256:0\n", "Git LFS pointer"],
    ["<!DOCTYPE html><html></html>", "a web page"],
    ['{"error":"not found"}', "JSON"],
    ["PK\x03\x04\x14\0\0\0", "a zip archive"],
    ["\x89HDF\r\n\x1a\n", "an HDF5 file"],
    ["GGUF\x03\0\0\0", "a GGUF file"],
    ["\x1c\0\0\0TFL3\0\0\0\0", "a TensorFlow Lite model"],
    ["hello, world", "neither a version nor a graph"],
    ["\0\0\0\0", "neither a version nor a graph"],
  ])("%j", (text, name) => {
    expect(() => readModel(ascii(text))).toThrow(name);
    expect(() => readModel(ascii(text))).toThrow(expect.objectContaining({ reason: "not-onnx" }));
  });

  test("a file in ONNX Runtime's own format", () => {
    const bytes = ascii("\x18\0\0\0ORTM\0\0\0\0");
    expect(() => readModel(bytes)).toThrow(expect.objectContaining({ reason: "ort" }));
    expect(() => readModel(bytes)).toThrow(/\.ort/);
  });

  test("what is not bytes", () => {
    expect(() => readModel("model.onnx" as never)).toThrow(TypeError);
    expect(() => readModel(null as never)).toThrow(TypeError);
  });
});

/** A model of one graph message, given by its fields. */
const modelWith = (graph: MessageWriter): Uint8Array =>
  new MessageWriter().integer(1, 8).message(7, graph).message(8, new MessageWriter().integer(2, 13)).finish();

const reasonOf = (bytes: Uint8Array): string => {
  try {
    readModel(bytes);
  } catch (error) {
    if (error instanceof ModelFormatError) return error.reason;
    throw error;
  }
  return "none";
};

describe("bombs", () => {
  test("graphs nested without end", () => {
    let graph = new MessageWriter();
    for (let depth = 0; depth < 3000; depth++) {
      const attribute = new MessageWriter().text(1, "body").bytes(6, graph.finish());
      const node = new MessageWriter().text(4, "If").message(5, attribute);
      graph = new MessageWriter().message(1, node);
    }
    expect(reasonOf(modelWith(graph))).toBe("limit");
  });

  test("functions that call one another in a circle", () => {
    const call = (name: string, calls: string) => ({
      name,
      domain: "own",
      inputs: ["a"],
      outputs: ["b"],
      nodes: [{ opType: calls, domain: "own", inputs: ["a"], outputs: ["b"] }],
      opsets: { own: 1 },
    });
    const bytes = makeModel({
      domains: { own: 1 },
      inputs: [{ name: "x" }],
      outputs: [{ name: "y" }],
      nodes: [{ opType: "F", domain: "own", inputs: ["x"], outputs: ["y"] }],
      functions: [call("F", "G"), call("G", "F")],
    });
    expect(outcome(bytes)).toBe("model");
  });

  test("values that follow from one another in a circle", () => {
    const bytes = makeModel({
      outputs: [{ name: "y" }],
      nodes: [
        { opType: "Identity", inputs: ["b"], outputs: ["a"] },
        { opType: "Identity", inputs: ["a"], outputs: ["b"] },
        { opType: "MatMul", inputs: ["x", "a"], outputs: ["y"] },
      ],
    });
    expect(findCandidates(readModel(bytes))).toMatchObject([{ taken: false }]);
  });

  test("more nodes than there is memory for", () => {
    const nodes = new Uint8Array(40_000_000);
    for (let i = 0; i < nodes.length; i += 2) nodes[i] = 10;
    const before = process.memoryUsage().heapUsed;
    expect(reasonOf(modelWith(new MessageWriter().raw(nodes)))).toBe("limit");
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(500e6);
  });

  test("fifty thousand layers with one name", () => {
    const node = new MessageWriter()
      .text(1, "x")
      .text(1, "w")
      .text(2, "y")
      .text(3, "same")
      .text(4, "MatMul")
      .finish();
    const one = new MessageWriter().bytes(1, node).finish();
    const nodes = new Uint8Array(one.length * 50_000);
    for (let at = 0; at < nodes.length; at += one.length) nodes.set(one, at);
    const weight = new MessageWriter().integer(1, 4).integer(1, 4).integer(2, 1).text(8, "w");
    const model = readModel(modelWith(new MessageWriter().message(5, weight).raw(nodes)));
    const milliseconds = processorTime(() => {
      const candidates = findCandidates(model);
      expect(new Set(candidates.map(({ layer }) => layer)).size).toBe(50_000);
    });
    expect(milliseconds).toBeLessThan(3 * SOON);
  });
});

describe("numbers that cannot be", () => {
  const dims = (...extents: (number | bigint)[]) => {
    const weight = new MessageWriter();
    for (const extent of extents) weight.integer(1, extent);
    return modelWith(new MessageWriter().message(5, weight.integer(2, 1).text(8, "w")));
  };

  test.each([[2n ** 63n], [2n ** 64n - 1n], [2n ** 53n]])("an extent of %d", (extent) => {
    expect(reasonOf(dims(4, extent))).toBe("malformed");
    expect(() => readModel(dims(4, extent))).toThrow(/an extent of a tensor must lie in 0 … 2⁵³ − 1/);
  });

  test("the largest extent, and thousands of axes", () => {
    expect(reasonOf(dims(2n ** 53n - 1n))).toBe("none");
    expect(reasonOf(dims(...Array.from({ length: 5000 }, () => 1)))).toBe("limit");
  });

  test.each([
    ["eleven bytes", [8, 8, 40, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 1], "malformed"],
    ["no end", [8, 8, 40, ...Array.from({ length: 50 }, () => 128)], "malformed"],
    ["field 0", [8, 8, 0, 0], "malformed"],
    ["a field beyond 2²⁹", [8, 8, 0xf8, 0xff, 0xff, 0xff, 0x7f, 0], "malformed"],
    ["a group", [8, 8, 11, 12], "malformed"],
    ["a length beyond 2⁶³", [8, 8, 58, 255, 255, 255, 255, 255, 255, 255, 255, 255, 1], "truncated"],
    ["a graph that is a number", [8, 8, 56, 5, 66, 2, 16, 13], "malformed"],
    ["no graph", [8, 8, 66, 2, 16, 13], "malformed"],
    ["no operator set", [8, 8, 58, 0], "malformed"],
  ])("%s", (_, bytes, reason) => {
    expect(reasonOf(Uint8Array.from(bytes))).toBe(reason);
  });

  test("a version that is no number: there is nothing of a model then", () => {
    expect(reasonOf(Uint8Array.of(8, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 1))).toBe("not-onnx");
  });

  test.each(["-1", "1e3", "99999999999999999999", "0x10", " 1"])(
    "an offset of %j in external data",
    (offset) => {
      const bytes = makeModel({
        outputs: [{ name: "w" }],
        initializers: [{ ...tensor("w", [1], [1]), external: { location: "w.bin", offset } }],
        nodes: [],
      });
      expect(reasonOf(bytes)).toBe("malformed");
    },
  );
});
