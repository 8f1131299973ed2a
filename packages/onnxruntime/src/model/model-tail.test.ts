import { describe, expect, test } from "vitest";
import { makeModel, tensor } from "../../test/make-model.js";
import { ModelFormatError } from "../errors.js";
import { appendTail, createTail } from "./model-tail.js";
import { readModel } from "./read-model.js";
import { DataType } from "./types.js";

const bytes = makeModel({
  opset: 13,
  inputs: [{ name: "x", elemType: DataType.float, shape: ["n", 4] }],
  outputs: [{ name: "y" }],
  initializers: [tensor("w", [4, 4], (i) => i)],
  nodes: [
    {
      opType: "MatMul",
      name: "one",
      inputs: ["x", "w"],
      outputs: ["h"],
      attributes: { own: { ints: [1, -2] } },
    },
    { opType: "Relu", inputs: ["h"], outputs: ["y"] },
  ],
});

describe("what a tail adds is read with the model", () => {
  test("nodes, outputs, inputs, constants and operator sets, behind those of the model", () => {
    const model = readModel(bytes);
    const tail = createTail(model);
    tail.addInput({ name: "extra", elemType: DataType.bool, shape: [] });
    tail.addInitializer(tensor("shape", [2], [0, -1], DataType.int64));
    tail.addNode({
      opType: "Cast",
      inputs: ["h"],
      outputs: ["c"],
      attributes: { to: { int: DataType.double } },
    });
    tail.addOutput({ name: "c", elemType: DataType.double, shape: ["n", 4] });
    expect(tail.opset("com.microsoft", 1)).toBe(1);
    const extended = readModel(appendTail(bytes, tail.bytes()));
    expect(extended.graph.nodes.map(({ opType }) => opType)).toEqual(["MatMul", "Relu", "Cast"]);
    expect(extended.graph.nodes[2]!.attribute("to")).toBe(DataType.double);
    expect(extended.graph.outputs.map(({ name }) => name)).toEqual(["y", "c"]);
    expect(extended.graph.outputs[1]).toEqual({ name: "c", elemType: DataType.double, shape: ["n", 4] });
    expect(extended.graph.inputs[1]).toEqual({ name: "extra", elemType: DataType.bool, shape: [] });
    expect([...extended.graph.initializers.keys()]).toEqual(["w", "shape"]);
    expect([...extended.opsets]).toEqual([
      ["", 13],
      ["com.microsoft", 1],
    ]);
  });

  test("the model's own bytes stay as they are", () => {
    const tail = createTail(readModel(bytes));
    tail.addOutput({ name: "h" });
    expect(appendTail(bytes, tail.bytes()).subarray(0, bytes.length)).toEqual(bytes);
  });

  test("a tail that nothing was added to is empty", () => {
    expect(createTail(readModel(bytes)).bytes()).toHaveLength(0);
  });
});

test("an output that is there already is not added again", () => {
  const tail = createTail(readModel(bytes));
  tail.addOutput({ name: "y" });
  expect(tail.bytes()).toHaveLength(0);
  tail.addOutput({ name: "h" });
  const once = tail.bytes();
  tail.addOutput({ name: "h" });
  expect(tail.bytes()).toEqual(once);
});

test("an operator set that the model imports is the model's", () => {
  const tail = createTail(readModel(bytes));
  expect(tail.opset("", 7)).toBe(13);
  expect(tail.opset("own", 3)).toBe(3);
  expect(tail.opset("own", 4)).toBe(3);
});

test("a fresh name is nowhere else, bodies included", () => {
  const inBody = makeModel({
    outputs: [{ name: "y" }],
    initializers: [tensor("c", [], [1], DataType.bool)],
    nodes: [
      {
        opType: "If",
        inputs: ["c"],
        outputs: ["y"],
        bodies: {
          then_branch: {
            nodes: [{ opType: "Constant", inputs: [], outputs: ["t"] }],
            outputs: [{ name: "t" }],
          },
        },
      },
    ],
  });
  const tail = createTail(readModel(inBody));
  expect(["y", "t", "c", "new", "new", "t"].map((prefix) => tail.freshName(prefix))).toEqual([
    "y_2",
    "t_2",
    "c_2",
    "new",
    "new_2",
    "t_3",
  ]);
});

test("a copy of a node has its inputs and attributes, other outputs and no name", () => {
  const model = readModel(bytes);
  const tail = createTail(model);
  tail.addNodeCopy(model.graph.nodes[0]!, ["again"]);
  const copy = readModel(appendTail(bytes, tail.bytes())).graph.nodes[2]!;
  expect(copy).toMatchObject({ opType: "MatMul", name: "", inputs: ["x", "w"], outputs: ["again"] });
  expect(copy.attribute("own")).toEqual([1, -2]);
});

test("2 GB are too many", () => {
  const half = { length: 2 ** 30 } as Uint8Array;
  expect(() => appendTail(half, half)).toThrow(ModelFormatError);
  expect(() => appendTail(half, half)).toThrow(/must stay below 2 GB .*, got 2147483648 bytes/);
});
