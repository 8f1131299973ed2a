import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { fixturePath } from "./fixtures.js";
import { readOnnxInitializers } from "./onnx-initializers.js";

const shapesOf = (bytes: Uint8Array) =>
  Object.fromEntries([...readOnnxInitializers(bytes)].map(([name, { shape }]) => [name, shape.join("×")]));

/** A length-delimited field of less than 128 bytes. */
const field = (number: number, ...body: number[]): number[] => [8 * number + 2, body.length, ...body];
const text = (value: string): number[] => [...new TextEncoder().encode(value)];
const floats = (...values: number[]): number[] => [...new Uint8Array(Float32Array.from(values).buffer)];
const model = (...tensor: number[]): Uint8Array => Uint8Array.from(field(7, ...field(5, ...tensor)));

describe("readOnnxInitializers", () => {
  test("reads the weights of a file that PyTorch wrote", () => {
    expect(shapesOf(readFileSync(fixturePath("networks/lstm/model.onnx")))).toEqual({
      "lstm.weight_ih_l0": "80×8",
      "lstm.weight_hh_l0": "80×20",
      "lstm.bias_ih_l0": "80",
      "lstm.bias_hh_l0": "80",
      "head.weight": "10×20",
      "head.bias": "10",
    });
  });

  test("reads raw bytes and packed floats, single dimensions and packed ones", () => {
    const raw = model(8, 1, 8, 2, 16, 1, ...field(8, ...text("a")), ...field(9, ...floats(1, -2)));
    const packed = model(...field(1, 2, 1), 16, 1, ...field(8, ...text("b")), ...field(4, ...floats(3, 0.5)));
    expect([...readOnnxInitializers(raw)]).toEqual([["a", { shape: [1, 2], data: Float32Array.of(1, -2) }]]);
    expect([...readOnnxInitializers(packed)]).toEqual([
      ["b", { shape: [2, 1], data: Float32Array.of(3, 0.5) }],
    ]);
  });

  test("passes over what is no float32 tensor", () => {
    const int64 = model(8, 1, 16, 7, ...field(8, ...text("index")), ...field(9, 1, 0, 0, 0, 0, 0, 0, 0));
    expect(readOnnxInitializers(int64).size).toBe(0);
    expect(readOnnxInitializers(Uint8Array.of(8, 7, ...field(2, ...text("pytorch")))).size).toBe(0);
  });

  test("refuses a file that ends early, wherever it was cut within the graph", () => {
    const bytes = readFileSync(fixturePath("networks/mlp/model.onnx"));
    for (const length of [20, 1000, 20_000, bytes.length - 10]) {
      expect(() => readOnnxInitializers(bytes.subarray(0, length))).toThrow(
        "a field must end within its message",
      );
    }
  });

  test("refuses values that do not fill the shape, and groups", () => {
    const short = model(8, 3, 16, 1, ...field(8, ...text("w")), ...field(9, ...floats(1)));
    expect(() => readOnnxInitializers(short)).toThrow('"w" of shape [3] must have 12 bytes, got 4');
    expect(() => readOnnxInitializers(Uint8Array.of(11))).toThrow("wire type must be 0, 1, 2 or 5, got 3");
  });
});
