import { processorTime } from "@delve/conformance";
import { describe, expect, test } from "vitest";
import type { OnnxNode } from "../model/types.js";
import { Names, nameOfParameter, namesOfNode } from "./layer-names.js";

describe("the name of a layer by its parameter", () => {
  test.each([
    ["features.0.weight", "features.0"],
    ["encoder.layer.0.attention.self.query.bias", "encoder.layer.0.attention.self.query"],
    ["conv1_weight", "conv1"],
    ["conv1_W", "conv1"],
    ["fc.weight_quantized", "fc"],
    ["fc.weight_quantized_scale", "fc"],
    ["model.layers.0.attn.qkv_proj.MatMul.weight_Q4", "model.layers.0.attn.qkv_proj.MatMul"],
    ["model.layers.0.mlp.gate_proj.qweight", "model.layers.0.mlp.gate_proj"],
    ["model/dense_1/MatMul/ReadVariableOp:0", "model/dense_1"],
    ["dense/kernel:0", "dense"],
    ["lstm.weight_ih_l0", "lstm"],
    ["lstm.weight_hh_l2_reverse", "lstm.l2"],
    ["rnn.bias_ih_l1", "rnn.l1"],
    ["head", "head"],
    ["7.weight", "7"],
    ["b.weight", "b"],
  ])("%s gives %s", (parameter, layer) => {
    expect(nameOfParameter(parameter)).toBe(layer);
  });

  test.each([
    "onnx::MatMul_123",
    "1234",
    "Parameter193",
    "val_12",
    "const_fold_opt__77",
    "weight",
    "W",
    "onnx::MatMul_9_quantized",
    "",
    null,
  ])("%s says nothing", (parameter) => {
    expect(nameOfParameter(parameter)).toBeNull();
  });

  test("a name of many suffixes costs no time", () => {
    const milliseconds = processorTime(() => {
      nameOfParameter(":1".repeat(30_000));
      nameOfParameter("_weight".repeat(9_000));
    });
    expect(milliseconds).toBeLessThan(500);
  });
});

describe("names of a node", () => {
  const node = (name: string, opType = "MatMul", output = "out") =>
    namesOfNode({ name, opType, outputs: ["", output] } as unknown as OnnxNode);

  test.each([
    ["/encoder/layer.0/attention/query/MatMul", "encoder.layer.0.attention.query"],
    ["/features/features.3/MatMul_1", "features.3"],
    ["/blocks/blocks.1/blocks.1.0/MatMul", "blocks.1.0"],
  ])("%s has the module %s in it", (name, module) => {
    expect(node(name)).toEqual([module, name, "MatMul_out"]);
  });

  test("names of another form stay as they are, and a node without one has its output's", () => {
    expect(node("Times212")).toEqual(["Times212", "MatMul_out"]);
    expect(node("/a/b/Gemm")).toEqual(["/a/b/Gemm", "MatMul_out"]);
    expect(node("")).toEqual(["MatMul_out"]);
    expect(node("", "LSTM", "")).toEqual(["LSTM"]);
  });
});

test("names are given once, also when a numbered one is there already", () => {
  const names = new Names();
  expect(names.give(["a-2"])).toBe("a-2");
  expect(names.give(["a", "b"])).toBe("a");
  expect(names.give(["a", "b"])).toBe("b");
  expect(names.give(["a", "b"])).toBe("a-3");
  expect(names.give(["a"])).toBe("a-4");
});
