import { DataType, type NewNode, type NewTensor } from "../src/model/types.js";
import { makeModel } from "./make-model.js";

/** Numbers of about the size of a trained layer's, the same every time. */
export function seededFloats(count: number, seed: number): Float32Array {
  let state = seed;
  return Float32Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  });
}

export function floats(name: string, dims: readonly number[], seed: number): NewTensor & { name: string } {
  const values = seededFloats(
    dims.reduce((a, b) => a * b, 1),
    seed,
  );
  return { name, dataType: DataType.float, dims, data: new Uint8Array(values.buffer) };
}

/** Two convolutions and a dense layer behind a global mean: images (n, 2, h, w), `scores` (n, 3), and `maps`. */
export function convNet(opset = 17): Uint8Array {
  const same = { kernel_shape: { ints: [3, 3] }, pads: { ints: [1, 1, 1, 1] } };
  const nodes: NewNode[] = [
    { opType: "Conv", inputs: ["x", "conv1.weight", "conv1.bias"], outputs: ["a"], attributes: same },
    { opType: "Relu", inputs: ["a"], outputs: ["a.relu"] },
    { opType: "Conv", inputs: ["a.relu", "conv2.weight"], outputs: ["maps"], attributes: same },
    { opType: "GlobalAveragePool", inputs: ["maps"], outputs: ["pooled"] },
    { opType: "Flatten", inputs: ["pooled"], outputs: ["flat"] },
    {
      opType: "Gemm",
      inputs: ["flat", "fc.weight", "fc.bias"],
      outputs: ["scores"],
      attributes: { transB: { int: 1 } },
    },
  ];
  return makeModel({
    opset,
    irVersion: 8,
    nodes,
    initializers: [
      floats("conv1.weight", [5, 2, 3, 3], 1),
      floats("conv1.bias", [5], 2),
      floats("conv2.weight", [4, 5, 3, 3], 3),
      floats("fc.weight", [3, 4], 4),
      floats("fc.bias", [3], 5),
    ],
    inputs: [{ name: "x", elemType: DataType.float, shape: ["n", 2, "h", "w"] }],
    outputs: [
      { name: "scores", elemType: DataType.float, shape: ["n", 3] },
      { name: "maps", elemType: DataType.float, shape: ["n", 4, "h", "w"] },
    ],
  });
}
