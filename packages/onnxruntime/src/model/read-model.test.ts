import { describe, expect, test } from "vitest";
import { makeModel, tensor } from "../../test/make-model.js";
import { MessageWriter } from "../protobuf/message-writer.js";
import { bytesOf, readModel } from "./read-model.js";
import { DataType } from "./types.js";

const made = {
  irVersion: 9,
  opset: 18,
  domains: { "ai.onnx.ml": 3 },
  name: "main",
  inputs: [{ name: "x", elemType: DataType.float16, shape: ["batch", 3, 8] }],
  outputs: [{ name: "y" }],
  valueInfos: [{ name: "h", elemType: DataType.int64, shape: [-1, 2] }],
  initializers: [
    tensor("w", [2, 3], (i) => i),
    { ...tensor("far", [4], [1, 2, 3, 4]), external: { location: "w.bin", offset: "64", length: "16" } },
  ],
  nodes: [
    {
      opType: "Op",
      domain: "ai.onnx",
      name: "node",
      inputs: ["x", "", "w"],
      outputs: ["h", ""],
      attributes: {
        int: { int: -5 },
        float: { float: 0.5 },
        text: { string: "größe" },
        ints: { ints: [1, 2 ** 40] },
        none: { ints: [] },
        floats: { floats: [0.25, -1] },
        tensor: { tensor: tensor("", [2], [1, 2], DataType.int64) },
      },
    },
  ],
};

describe("a model as it was made", () => {
  const model = readModel(makeModel(made));
  const { graph } = model;

  test("versions, inputs, outputs and values", () => {
    expect(model.irVersion).toBe(9);
    expect([...model.opsets]).toEqual([
      ["", 18],
      ["ai.onnx.ml", 3],
    ]);
    expect(graph.name).toBe("main");
    expect(graph.inputs).toEqual([{ name: "x", elemType: DataType.float16, shape: ["batch", 3, 8] }]);
    expect(graph.outputs).toEqual([{ name: "y", elemType: 0, shape: null }]);
    expect(graph.valueInfos.get("h")).toEqual({ name: "h", elemType: DataType.int64, shape: [null, 2] });
  });

  test("constants, with where their values lie", () => {
    expect(graph.initializers.get("w")).toEqual({ name: "w", dataType: 1, dims: [2, 3], external: null });
    expect(graph.initializers.get("far")!.external).toEqual({ location: "w.bin", offset: 64, length: 16 });
    expect(model.externalLocations).toEqual(["w.bin"]);
  });

  test("nodes and their attributes", () => {
    const node = graph.nodes[0]!;
    expect(node).toMatchObject({
      opType: "Op",
      domain: "",
      name: "node",
      inputs: ["x", "", "w"],
      outputs: ["h", ""],
    });
    const read = (name: string) => node.attribute(name);
    expect([read("int"), read("float"), read("text"), read("nothing")]).toEqual([
      -5,
      0.5,
      "größe",
      undefined,
    ]);
    expect([read("ints"), read("none"), read("floats")]).toEqual([[1, 2 ** 40], [], [0.25, -1]]);
    expect(read("tensor")).toMatchObject({ dims: [2], dataType: DataType.int64 });
    expect(node.tensors).toHaveLength(1);
  });
});

test("a model is read from any kind of bytes, without a copy", () => {
  const bytes = makeModel(made);
  const padded = new Uint8Array(bytes.length + 20);
  padded.set(bytes, 7);
  const view = new DataView(padded.buffer, 7, bytes.length);
  for (const form of [bytes, bytes.buffer, view, Buffer.from(bytes)]) {
    expect(readModel(form).graph.nodes).toHaveLength(1);
  }
  expect(bytesOf(view).buffer).toBe(padded.buffer);
  const shared = new Uint8Array(new SharedArrayBuffer(bytes.length));
  shared.set(bytes);
  expect(readModel(shared.buffer).graph.nodes[0]!.attribute("text")).toBe("größe");
});

test("a graph in several pieces is one", () => {
  const node = (output: string) => new MessageWriter().text(2, output).text(4, "Relu");
  const bytes = new MessageWriter()
    .message(7, new MessageWriter().message(1, node("a")).text(2, "first"))
    .message(8, new MessageWriter().integer(2, 13))
    .message(7, new MessageWriter().message(1, node("b")).text(2, "second"))
    .finish();
  const { graph } = readModel(bytes);
  expect(graph.name).toBe("second");
  expect(graph.nodes.map(({ index, outputs }) => [index, outputs[0]])).toEqual([
    [0, "a"],
    [1, "b"],
  ]);
});

test("external data is found in bodies, attributes and functions too", () => {
  const far = (location: string) => ({ ...tensor("w", [1], [1]), external: { location } });
  const body = { nodes: [], outputs: [{ name: "w" }], initializers: [far("body.bin")] };
  const bytes = makeModel({
    outputs: [{ name: "y" }],
    initializers: [far("main.bin")],
    nodes: [{ opType: "If", inputs: ["c"], outputs: ["y"], bodies: { then_branch: body } }],
    functions: [
      {
        name: "F",
        domain: "own",
        inputs: [],
        outputs: ["w"],
        opsets: {},
        nodes: [
          {
            opType: "If",
            inputs: [],
            outputs: ["w"],
            bodies: { else_branch: { ...body, initializers: [far("f.bin")] } },
          },
        ],
      },
    ],
  });
  expect(readModel(bytes).externalLocations).toEqual(["main.bin", "body.bin", "f.bin"]);
});

describe("a model of nearly 2 GB", () => {
  // Pages that nobody touches take no memory, so these bytes are as good as free.
  const values = 2 ** 31 - 1000;
  const name = new MessageWriter().text(8, "w").finish();
  const node = new MessageWriter().message(1, new MessageWriter().text(2, "far").text(4, "Relu")).finish();
  const opset = new MessageWriter().message(8, new MessageWriter().integer(2, 13)).finish();

  /** Tag and length of a field of bytes. */
  const header = (field: number, length: number): Uint8Array => {
    const whole = new MessageWriter().integer(1, length).finish();
    return Uint8Array.of(field * 8 + 2, ...whole.subarray(1));
  };

  function largeModel(length: number): Uint8Array {
    const raw = header(9, length);
    const tensorHeader = header(5, raw.length + length + name.length);
    const graphHeader = header(7, tensorHeader.length + raw.length + length + name.length + node.length);
    const head = [...graphHeader, ...tensorHeader, ...raw];
    const tail = [...name, ...node, ...opset];
    const bytes = new Uint8Array(head.length + length + tail.length);
    bytes.set(head);
    bytes.set(tail, head.length + length);
    return bytes;
  }

  test("is read up to its last byte, and its weights are not touched", () => {
    const bytes = largeModel(values);
    const before = process.memoryUsage().rss;
    const { graph } = readModel(bytes);
    expect(graph.nodes[0]).toMatchObject({ opType: "Relu", outputs: ["far"] });
    expect(Buffer.from(graph.nodes[0]!.bytes).toString()).toContain("far");
    expect([...graph.initializers.keys()]).toEqual(["w"]);
    expect(process.memoryUsage().rss - before).toBeLessThan(100e6);
  });

  test("is refused where protobuf ends", () => {
    expect(() => readModel(new Uint8Array(2 ** 31))).toThrow(
      "readModel: a model must have less than 2 GB (more goes to external data), got 2147483648 bytes",
    );
  });
});
