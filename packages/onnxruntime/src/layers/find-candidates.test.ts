import { readFileSync } from "node:fs";
import { fixturePath } from "@delve/conformance";
import { describe, expect, test } from "vitest";
import { type MadeModel, type MadeNode, makeModel, tensor } from "../../test/make-model.js";
import { readModel } from "../model/read-model.js";
import { DataType, type LayerOptions } from "../model/types.js";
import { findCandidates } from "./find-candidates.js";

const w = (name: string, dims: number[], type: number = DataType.float) =>
  tensor(name, dims, (i) => Math.sin(i), type);
const node = (opType: string, inputs: string[], output: string, more: Partial<MadeNode> = {}): MadeNode => ({
  opType,
  inputs,
  outputs: [output],
  ...more,
});

function find(model: Omit<MadeModel, "outputs">, options?: LayerOptions) {
  return findCandidates(readModel(makeModel({ outputs: [{ name: "y" }], ...model })), options);
}

const network = (name: string) =>
  findCandidates(readModel(readFileSync(fixturePath(`networks/${name}/model.onnx`))));

describe("PyTorch's exports", () => {
  test.each([
    ["mlp", ["1:48", "3:32", "5:24", "7:10"]],
    [
      "vgg",
      ["features.0:8", "features.2:16", "features.5:16", "features.7:24", "features.9:24", "classifier:10"],
    ],
    ["lstm", ["lstm:20", "head:10"]],
  ])("%s", (name, layers) => {
    const candidates = network(name);
    expect(candidates.map(({ layer, features }) => `${layer}:${features}`)).toEqual(layers);
    expect(candidates.every(({ taken, elemType }) => taken && elemType === DataType.float)).toBe(true);
  });

  test("the weight of an LSTM that is sliced and joined is found", () => {
    expect(network("lstm")[0]).toMatchObject({
      op: "LSTM",
      weight: "lstm.weight_ih_l0",
      layout: { kind: "recurrent", batchFirst: false, directions: 1 },
    });
  });
});

describe("what is left, and why", () => {
  test.each([
    [[node("MatMul", ["x", "x"], "y")], "it has no constant weight: both operands are computed"],
    [[node("Conv", ["x", "x"], "y")], "it has no constant weight: both operands are computed"],
    [[node("Gemm", ["a", "x"], "y")], /its constant operand comes first/],
    [[node("MatMul", ["x", "v"], "y")], "its weight is a vector: its output has no axis of features"],
    [[node("MatMul", ["a", "a"], "y")], "its output is constant"],
    [[node("MatMul", ["x", "a"], "")], "its output has no name, so nothing can refer to it"],
    [[node("RandomNormal", [], "r"), node("MatMul", ["x", "r"], "y")], /no constant weight/],
  ])("%j", (nodes, reason) => {
    const [candidate, ...others] = find({ nodes, initializers: [w("a", [4, 4]), w("v", [4])] });
    expect(others).toEqual([]);
    expect(candidate).toMatchObject({ taken: false, reason: expect.stringMatching(reason) });
  });

  test("what is no layer is not listed", () => {
    const nodes = [node("Relu", ["x"], "r"), node("Add", ["r", "a"], "s"), node("Softmax", ["s"], "y")];
    expect(find({ nodes, initializers: [w("a", [4])] })).toEqual([]);
  });

  test("a name that is not UTF-8 cannot be written back", () => {
    const bytes = makeModel({
      outputs: [{ name: "y" }],
      initializers: [w("a", [4, 4])],
      nodes: [node("MatMul", ["x", "a"], "~~"), node("Relu", ["~~"], "y")],
    });
    const latin = bytes.map((byte) => (byte === 126 ? 0xe4 : byte));
    expect(findCandidates(readModel(latin))).toMatchObject([
      { taken: false, reason: "the name of its output is not UTF-8" },
    ]);
  });
});

describe("a weight is constant, whatever is computed on the way to it", () => {
  const half = w("fc.weight", [4, 6], DataType.float16);
  test.each([
    ["an initializer", [], "fc.weight", 6],
    ["Cast", [node("Cast", ["fc.weight"], "k", { attributes: { to: { int: 1 } } })], "k", 6],
    ["Transpose", [node("Transpose", ["fc.weight"], "k")], "k", 4],
    [
      "Transpose by a permutation",
      [node("Transpose", ["fc.weight"], "k", { attributes: { perm: { ints: [1, 0] } } })],
      "k",
      4,
    ],
    [
      "Transpose by a bad one",
      [node("Transpose", ["fc.weight"], "k", { attributes: { perm: { ints: [7, 0] } } })],
      "k",
      null,
    ],
    ["DequantizeLinear", [node("DequantizeLinear", ["fc.weight", "s"], "k")], "k", 6],
    ["Slice", [node("Slice", ["fc.weight", "i", "i"], "k")], "k", null],
    ["arithmetic", [node("Sub", ["fc.weight", "s"], "d"), node("Div", ["d", "s"], "k")], "k", null],
  ])("%s", (_, steps, weight, features) => {
    const nodes = [...steps, node("MatMul", ["x", weight], "y")];
    const initializers = [half, w("s", []), tensor("i", [1], [0], DataType.int64)];
    expect(find({ nodes, initializers })).toMatchObject([
      { taken: true, layer: "fc", weight: "fc.weight", features },
    ]);
  });
});

describe("the bias of an Add", () => {
  const matMulAdd = (bias: number[]) =>
    find({
      nodes: [node("MatMul", ["x", "a.weight"], "m"), node("Add", ["m", "b"], "y")],
      initializers: [w("a.weight", [4, 6]), w("b", bias)],
    });

  test("is taken with the layer", () => {
    expect(matMulAdd([6])).toMatchObject([{ tensor: "y" }]);
    expect(matMulAdd([1, 1, 6])).toMatchObject([{ tensor: "y" }]);
    expect(matMulAdd([])).toMatchObject([{ tensor: "y" }]);
  });

  test("but not what has a number for every step, as an embedding of positions", () => {
    expect(matMulAdd([10, 6])).toMatchObject([{ tensor: "m" }]);
  });

  test("nor what is added to a value that goes elsewhere too", () => {
    const nodes = [
      node("MatMul", ["x", "a.weight"], "m"),
      node("Add", ["m", "b"], "s"),
      node("Mul", ["m", "s"], "y"),
    ];
    expect(find({ nodes, initializers: [w("a.weight", [4, 6]), w("b", [6])] })).toMatchObject([
      { tensor: "m" },
    ]);
  });

  test("of a convolution lies along the channels", () => {
    const conv = (bias: number[]) =>
      find({
        nodes: [node("Conv", ["x", "a.weight"], "c"), node("Add", ["c", "b"], "y")],
        initializers: [w("a.weight", [6, 3, 2, 2]), w("b", bias)],
      })[0]!.tensor;
    expect([[6, 1, 1], [1, 6, 1, 1], []].map(conv)).toEqual(["y", "y", "y"]);
    // Along a row, along a column, and both.
    expect([[6], [1, 1, 1, 6], [6, 1], [1, 6, 1], [6, 6, 1]].map(conv)).toEqual(["c", "c", "c", "c", "c"]);
  });
});

describe("names", () => {
  const twoMatMuls = (first: Partial<MadeNode>, second: Partial<MadeNode>) =>
    find({
      nodes: [
        node("MatMul", ["x", "tied.weight"], "a", first),
        node("MatMul", ["a", "tied.weight"], "y", second),
      ],
      initializers: [w("tied.weight", [4, 4])],
    }).map(({ layer }) => layer);

  test("of layers that share a weight are told apart by their nodes", () => {
    expect(twoMatMuls({ name: "/one/MatMul" }, { name: "/two/MatMul" })).toEqual(["tied", "two"]);
    expect(twoMatMuls({ name: "same" }, { name: "same" })).toEqual(["tied", "same"]);
    expect(twoMatMuls({}, {})).toEqual(["tied", "MatMul_y"]);
  });

  test("of layers that cannot be recorded take none from those that can", () => {
    const nodes = [
      node("MatMul", ["onnx::1", "x"], "q", { name: "same" }),
      node("MatMul", ["q", "onnx::1"], "y", { name: "same" }),
    ];
    expect(find({ nodes, initializers: [w("onnx::1", [4, 4])] })).toMatchObject([
      { layer: "MatMul_q", taken: false, weight: null },
      { layer: "same", taken: true },
    ]);
  });
});

describe("options", () => {
  const model = {
    inputs: [{ name: "x", elemType: DataType.float }],
    nodes: [
      node("Conv", ["x", "c.weight"], "c"),
      node("Flatten", ["c"], "f"),
      node("Gemm", ["f", "g.weight"], "y"),
    ],
    initializers: [w("c.weight", [2, 1, 2, 2]), w("g.weight", [8, 3])],
  };
  const left = (options: LayerOptions) =>
    find(model, options)
      .filter(({ taken }) => !taken)
      .map(({ layer, reason }) => `${layer}: ${reason}`);

  test("leave layers out and say so", () => {
    expect(left({})).toEqual([]);
    expect(left({ includeConv: false })).toEqual(["c: left out by `includeConv`"]);
    expect(left({ ignoreLayerNames: ["g"] })).toEqual(["g: left out by `ignoreLayerNames`"]);
    expect(left({ layerFilter: (layer) => layer === "c" })).toEqual(["g: left out by `layerFilter`"]);
  });

  test("`tensors` takes values by name, and not twice", () => {
    const found = find(model, { tensors: ["f", "c", "x", "f"] }).slice(2);
    expect(found).toMatchObject([
      { layer: "f", taken: true, reason: "named in `tensors`", tensor: "f", layout: { kind: "any" } },
      { layer: "c-2", taken: false, reason: "recorded already as c" },
      { layer: "x", taken: true, elemType: DataType.float },
      { layer: "f-2", taken: false, reason: "recorded already as f" },
    ]);
  });

  test.each([
    ["z", /^tensors: must name values of the main graph, got "z"/],
    ["g.wieght", /did you mean "g\.weight"\?/],
    ["g.weight", /^tensors: must name values that depend on the inputs, got the constant "g\.weight"/],
  ])("`tensors` refuses %j", (name, message) => {
    expect(() => find(model, { tensors: [name] })).toThrow(RangeError);
    expect(() => find(model, { tensors: [name] })).toThrow(message);
  });
});

describe("bodies of control flow", () => {
  const inner = (weight: string, output: string) => ({
    nodes: [node("MatMul", ["x", weight], output, { name: "inner" })],
    outputs: [{ name: output }],
  });
  const nested = {
    nodes: [
      node("If", ["c"], "n", { bodies: { then_branch: inner("a", "p"), else_branch: inner("a", "q") } }),
    ],
    outputs: [{ name: "n" }],
  };

  test("their layers are listed as not reachable", () => {
    const found = find({
      nodes: [
        node("If", ["c"], "i", {
          name: "choice",
          bodies: { then_branch: inner("a", "t"), else_branch: nested },
        }),
        node("MatMul", ["i", "a"], "y"),
      ],
      initializers: [w("a", [4, 4]), tensor("c", [], [1], DataType.bool)],
    });
    expect(found.map(({ taken, reason }) => [taken, reason.slice(0, 52)])).toEqual([
      [false, 'not reachable: inside the body of If "choice", and O'],
      [false, "not reachable: inside the body of If, and ONNX Runti"],
      [false, "not reachable: inside the body of If, and ONNX Runti"],
      [true, "dense layer with the weight a"],
    ]);
  });
});
