import * as ort from "onnxruntime-node";
import { describe, expect, test } from "vitest";
import { ExternalDataError, track } from "../src/index.js";
import { readModel } from "../src/model/read-model.js";
import { DataType, type LayerOptions } from "../src/model/types.js";
import { wave } from "./corpus/family.js";
import { type MadeModel, type MadeNode, makeModel, tensor } from "./make-model.js";
import { feedOf, runModel, tapModel } from "./run-model.js";

// Shapes that models come in, whatever their layers are, run by onnxruntime-node.

const { float, bool, int64, bfloat16 } = DataType;
const w = (name: string, dims: number[]) => tensor(name, dims, wave);
const matMul = (input: string, weight: string, output: string, name = ""): MadeNode => ({
  opType: "MatMul",
  name,
  inputs: [input, weight],
  outputs: [output],
});

type Parts = Pick<MadeModel, "nodes"> & Partial<MadeModel>;

const model = (parts: Parts): Uint8Array =>
  makeModel({
    inputs: [{ name: "x", elemType: float, shape: ["n", 4] }],
    outputs: [{ name: "y" }],
    initializers: [w("a.weight", [4, 4]), w("b.weight", [4, 4])],
    ...parts,
  });

/** Runs a model bare and with its layers shown; their values by layer. The outputs must agree. */
async function shown(
  bytes: Uint8Array,
  options: LayerOptions = {},
  session: ort.InferenceSession.SessionOptions = {},
) {
  const feeds = { x: feedOf(float, [3, 4], wave) };
  const bare = await runModel(bytes, feeds, session);
  const { bytes: extended, taps, candidates } = tapModel(bytes, options);
  const all = await runModel(extended, feeds, session);
  for (const [name, { data }] of Object.entries(bare)) {
    for (const [i, value] of data.entries()) expect(all[name]!.data[i]).toBeCloseTo(value, 5);
  }
  const values = Object.fromEntries(taps.map(({ candidate, tensor: name }) => [candidate.layer, all[name]!]));
  const left = candidates.filter(({ taken }) => !taken).map(({ layer, reason }) => `${layer}: ${reason}`);
  return { values, left, taps, outputNames: Object.keys(all), all };
}

test("nodes without names", async () => {
  const none = { nodes: [matMul("x", "a.weight", "m"), matMul("m", "a.weight", "y")] };
  expect(Object.keys((await shown(model(none))).values)).toEqual(["a", "MatMul_y"]);
});

test("initializers that are inputs too, as before IR 4", async () => {
  const bytes = model({
    irVersion: 3,
    opset: 8,
    inputs: [
      { name: "x", elemType: float, shape: ["n", 4] },
      { name: "a.weight", elemType: float, shape: [4, 4] },
    ],
    outputs: [{ name: "y", elemType: float, shape: ["n", 4] }],
    initializers: [w("a.weight", [4, 4])],
    nodes: [matMul("x", "a.weight", "m"), { opType: "Relu", inputs: ["m"], outputs: ["y"] }],
  });
  const { values } = await shown(bytes);
  expect(values["a"]!.dims).toEqual([3, 4]);
});

test("a layer whose output is one of the model already is shown as that", async () => {
  const { outputNames, taps } = await shown(model({ nodes: [matMul("x", "a.weight", "y")] }));
  expect(outputNames).toEqual(["y"]);
  expect(taps).toMatchObject([{ tensor: "y", original: true }]);
});

test("bodies of If, Loop and Scan: theirs are not reachable, those around them are", async () => {
  const body = (output: string) => ({
    nodes: [matMul("m", "a.weight", output)],
    outputs: [{ name: output, elemType: float, shape: ["n", 4] }],
  });
  const bytes = model({
    initializers: [
      w("a.weight", [4, 4]),
      w("b.weight", [4, 4]),
      tensor("yes", [], [1], bool),
      tensor("two", [], [2], int64),
    ],
    nodes: [
      matMul("x", "a.weight", "m"),
      {
        opType: "If",
        name: "choice",
        inputs: ["yes"],
        outputs: ["i"],
        bodies: { then_branch: body("t"), else_branch: body("e") },
      },
      {
        opType: "Loop",
        inputs: ["two", "", "i"],
        outputs: ["l"],
        bodies: {
          body: {
            inputs: [
              { name: "step", elemType: int64, shape: [] },
              { name: "go", elemType: bool, shape: [] },
              { name: "state", elemType: float },
            ],
            nodes: [
              { opType: "Identity", inputs: ["go"], outputs: ["on"] },
              matMul("state", "b.weight", "next"),
            ],
            outputs: [
              { name: "on", elemType: bool, shape: [] },
              { name: "next", elemType: float },
            ],
          },
        },
      },
      {
        opType: "Scan",
        inputs: ["l"],
        outputs: ["s"],
        attributes: { num_scan_inputs: { int: 1 } },
        bodies: {
          body: {
            inputs: [{ name: "row", elemType: float, shape: [4] }],
            nodes: [
              { opType: "Unsqueeze", inputs: ["row", "first"], outputs: ["rows"] },
              matMul("rows", "b.weight", "out"),
            ],
            initializers: [tensor("first", [1], [0], int64)],
            outputs: [{ name: "out", elemType: float, shape: [1, 4] }],
          },
        },
      },
      matMul("s", "b.weight", "y"),
    ],
  });
  const { values, left } = await shown(bytes);
  expect(Object.keys(values)).toEqual(["a", "b"]);
  expect(left).toHaveLength(4);
  expect(left[0]).toBe(
    'MatMul_t: not reachable: inside the body of If "choice", and ONNX Runtime shows values of the main graph only',
  );
});

describe("local functions", () => {
  const withFunction = (inner: readonly MadeNode[], inputs: readonly string[]) =>
    model({
      domains: { own: 1 },
      initializers: [w("a.weight", [4, 4]), w("b.weight", [4, 4])],
      nodes: [
        { opType: "Block", domain: "own", name: "/block/Block", inputs: ["x", ...inputs], outputs: ["f"] },
        { opType: "Relu", inputs: ["f"], outputs: ["y"] },
      ],
      functions: [
        {
          name: "Block",
          domain: "own",
          inputs: ["in", "w"].slice(0, 1 + inputs.length),
          outputs: ["out"],
          nodes: inner,
          opsets: { "": 13 },
        },
      ],
    });

  test("a call with a layer in it shows its output", async () => {
    const bytes = withFunction([matMul("in", "w", "out")], ["a.weight"]);
    const { values, taps, all } = await shown(bytes);
    expect(values["a"]!.dims).toEqual([3, 4]);
    expect(taps[0]!.candidate).toMatchObject({
      op: "own.Block",
      layout: { kind: "dense" },
      weight: "a.weight",
    });
    expect(Array.from(values["a"]!.data, (value) => Math.max(0, value))).toEqual(Array.from(all["y"]!.data));
  });

  test("a call of several layers says so", async () => {
    const inner = [
      matMul("in", "w", "m"),
      { opType: "Relu", inputs: ["m"], outputs: ["r"] },
      { opType: "Gemm", inputs: ["r", "w"], outputs: ["out"] },
    ];
    const { taps } = await shown(withFunction(inner, ["a.weight"]));
    expect(taps[0]!.candidate).toMatchObject({
      layout: { kind: "any" },
      reason: "call of a function of the model with MatMul, Gemm in it: its output is recorded",
    });
  });

  test("a call that multiplies activations is left", () => {
    const { candidates } = tapModel(withFunction([matMul("in", "in", "out")], []));
    expect(candidates).toMatchObject([
      { taken: false, reason: "call of a function of the model with MatMul in it, but no constant weight" },
    ]);
  });

  test("a call of a function with a weight of its own is taken", () => {
    const constant: MadeNode = {
      opType: "Constant",
      inputs: [],
      outputs: ["k"],
      attributes: { value: { tensor: w("", [4, 4]) } },
    };
    const { candidates } = tapModel(withFunction([constant, matMul("in", "k", "out")], []));
    expect(candidates).toMatchObject([{ layer: "block", taken: true, weight: null }]);
  });

  test("a call without a layer in it is none", () => {
    const { candidates } = tapModel(withFunction([{ opType: "Relu", inputs: ["in"], outputs: ["out"] }], []));
    expect(candidates).toEqual([]);
  });
});

describe("external data", () => {
  const weight = w("a.weight", [4, 4]);
  const bytes = model({
    initializers: [{ ...weight, external: { location: "weights.bin", offset: "0", length: "64" } }],
    nodes: [matMul("x", "a.weight", "m"), { opType: "Relu", inputs: ["m"], outputs: ["y"] }],
  });

  test("that is handed in is used", async () => {
    const externalData = [{ path: "weights.bin", data: weight.data }];
    const { values } = await shown(bytes, {}, { externalData });
    expect(values["a"]!.dims).toEqual([3, 4]);
    const session = await track(ort, bytes, { session: { externalData } });
    const outputs = await session.run({ x: feedOf(float, [3, 4], wave) });
    expect(Object.keys(outputs)).toEqual(["y"]);
    await session.tracker.close();
    await session.release();
  });

  test("that is missing, or lies elsewhere, is never looked for", async () => {
    await expect(track(ort, bytes)).rejects.toThrow(ExternalDataError);
    const outside = model({
      initializers: [{ ...weight, external: { location: "../../weights.bin" } }],
      nodes: [matMul("x", "a.weight", "y")],
    });
    await expect(track(ort, outside)).rejects.toThrow(/a path without parent folders/);
  });
});

test("values of any type are shown as floats by name", async () => {
  const cast = (from: string, to: string, type: number): MadeNode => ({
    opType: "Cast",
    inputs: [from],
    outputs: [to],
    attributes: { to: { int: type } },
  });
  const nodes = [
    ...[cast("x", "brain", bfloat16), cast("brain", "b", float)],
    ...[cast("x", "half", DataType.float16), cast("half", "h", float)],
    ...[cast("x", "double", DataType.double), cast("double", "d", float)],
    ...[cast("x", "whole", int64), cast("whole", "i", float)],
    { opType: "Sum", inputs: ["b", "h", "d", "i"], outputs: ["y"] },
  ];
  const { values } = await shown(model({ nodes }), { tensors: ["brain", "half", "double", "whole", "x"] });
  expect(Object.entries(values).map(([name, { type }]) => `${name} ${type}`)).toEqual([
    "brain float32",
    "half float32",
    "double float64",
    "whole float32",
    "x float32",
  ]);
  const x = Array.from({ length: 12 }, (_, i) => wave(i));
  for (const [name, bits] of [
    ["brain", 8],
    ["half", 10],
    ["double", 22],
    ["x", 22],
  ] as const) {
    for (const [i, value] of x.entries()) {
      expect(Math.abs(values[name]!.data[i]! - value)).toBeLessThan(2 ** -bits);
    }
  }
  expect(Array.from(values["whole"]!.data)).toEqual(x.map((value) => Math.trunc(value) + 0));
});

test("a model that has a tail already takes another", async () => {
  const bytes = model({ nodes: [matMul("x", "a.weight", "m"), matMul("m", "b.weight", "y")] });
  const once = tapModel(bytes, { tensors: ["x"] });
  const twice = tapModel(once.bytes, { tensors: ["x"] });
  expect(twice.taps.map(({ tensor: name }) => name)).toEqual(["m", "y", "delve/x_2"]);
  expect(Object.keys((await shown(once.bytes)).values)).toEqual(["a", "b"]);
});

test.each(["disabled", "basic", "extended", "all"] as const)(
  "optimisation level %s",
  async (graphOptimizationLevel) => {
    const bytes = model({
      initializers: [w("a.weight", [4, 4]), w("a.bias", [4]), w("b.weight", [4, 4])],
      nodes: [
        matMul("x", "a.weight", "m"),
        { opType: "Add", inputs: ["m", "a.bias"], outputs: ["s"] },
        { opType: "Relu", inputs: ["s"], outputs: ["r"] },
        matMul("r", "b.weight", "y"),
      ],
    });
    const { values } = await shown(bytes, {}, { graphOptimizationLevel });
    expect(Object.keys(values)).toEqual(["a", "b"]);
  },
);

test("an empty batch", async () => {
  const { bytes, taps } = tapModel(
    model({ nodes: [matMul("x", "a.weight", "m"), { opType: "Relu", inputs: ["m"], outputs: ["y"] }] }),
  );
  const outputs = await runModel(bytes, { x: feedOf(float, [0, 4], wave) });
  expect(outputs[taps[0]!.tensor]!.dims).toEqual([0, 4]);
});

test("a model of an operator set before 7 is refused", () => {
  const bytes = model({ opset: 6, nodes: [matMul("x", "a.weight", "y")] });
  expect(readModel(bytes).opsets.get("")).toBe(6);
  expect(() => tapModel(bytes)).toThrow("tapLayer: a model must be of operator set 7 or newer, got 6");
});
