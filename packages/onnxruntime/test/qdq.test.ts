import { seededRandom } from "@delve/conformance";
import { describe, expect, test } from "vitest";
import { DataType, type LayerOptions } from "../src/model/types.js";
import { scalar } from "./corpus/family.js";
import { type MadeModel, type MadeNode, makeModel, tensor } from "./make-model.js";
import { feedOf, runModel, tapModel } from "./run-model.js";

// ONNX Runtime fuses DequantizeLinear → layer (→ activation) → QuantizeLinear into one integer operator. An output
// asked for in between takes the fusion apart, and float sums round otherwise than integer ones.

const { int8, uint8, float } = DataType;

interface Case {
  readonly op: "Conv" | "MatMul" | "Gemm";
  readonly behind?: readonly string[];
  readonly open?: boolean;
}

const SIZES = {
  Conv: { dims: [2, 8, 9, 9], weight: [8, 8, 3, 3] },
  MatMul: { dims: [2, 9, 24], weight: [24, 24] },
  Gemm: { dims: [18, 24], weight: [24, 24] },
};

const linear = (opType: string, from: string, to: string, by: string): MadeNode => ({
  opType: `${opType}Linear`,
  inputs: [from, `${by}_scale`, `${by}_zero`],
  outputs: [to],
});

/** One quantised layer and a second one behind it. */
function quantizedModel({ op, behind = [], open = false }: Case, seed: number): MadeModel {
  const random = seededRandom(seed);
  const { dims, weight } = SIZES[op];
  const last = `c${behind.length + 1}`;
  // Below 0 there is nothing behind an activation, so its quantiser's zero is the least value and it vanishes in that.
  const activated = behind.includes("Relu") || behind.includes("Clip");
  const operand: Readonly<Record<string, string[]>> = { Clip: ["least", "most"], Add: ["bias"] };
  return {
    opset: 13,
    inputs: [{ name: "x", elemType: float, shape: dims }],
    outputs: [{ name: "y" }],
    initializers: [
      scalar("in_scale", 0.0231),
      scalar("in_zero", 128, uint8),
      scalar("mid_scale", 0.0231 * 0.0029 * 64), // 64 of the sums' units: ties are frequent,
      scalar("mid_zero", activated ? 0 : 128, uint8),
      scalar("w_scale", 0.0029),
      scalar("w_zero", 0, int8),
      scalar("least", 0),
      scalar("most", 6),
      tensor("bias", [24], () => random.normal()),
      tensor("one.weight", weight, () => random.integer(255) - 127, int8),
      tensor("two.weight", weight, () => random.integer(255) - 127, int8),
    ],
    nodes: [
      linear("Quantize", "x", "xq", "in"),
      linear("Dequantize", "xq", "xf", "in"),
      linear("Dequantize", "one.weight", "w1", "w"),
      { opType: op, inputs: ["xf", "w1"], outputs: ["c1"] },
      ...behind.map((opType, i) => ({
        opType,
        inputs: [`c${i + 1}`, ...(operand[opType] ?? [])],
        outputs: [`c${i + 2}`],
      })),
      ...(open ? [] : [linear("Quantize", last, "mq", "mid"), linear("Dequantize", "mq", "mf", "mid")]),
      linear("Dequantize", "two.weight", "w2", "w"),
      { opType: op, inputs: [open ? last : "mf", "w2"], outputs: ["last"] },
      linear("Quantize", "last", "yq", "mid"),
      linear("Dequantize", "yq", "y", "mid"),
    ],
  };
}

const OPS = ["Conv", "MatMul", "Gemm"] as const;

const FUSED: readonly Case[] = [
  ...OPS.flatMap((op) => [{ op }, { op, behind: ["Relu"] }, { op, behind: ["Clip"] }]),
  { op: "MatMul", behind: ["Add"] },
];
const OTHERS: readonly Case[] = [
  ...OPS.flatMap((op) => [
    { op, behind: ["Sigmoid"] },
    { op, open: true },
    { op, behind: ["Relu"], open: true },
  ]),
  { op: "MatMul", behind: ["Add"], open: true },
  { op: "MatMul", behind: ["Add", "Relu"] },
];

const SEEDS = [1, 2, 3, 4, 5, 6, 7, 8];

/** Seeds for which the model's own output is another one when some of its values are shown. */
async function changed(item: Case, options: LayerOptions): Promise<number[]> {
  const seeds: number[] = [];
  for (const seed of SEEDS) {
    const random = seededRandom(1000 + seed);
    const bytes = makeModel(quantizedModel(item, seed));
    const feeds = { x: feedOf(float, SIZES[item.op].dims, () => random.normal()) };
    const bare = (await runModel(bytes, feeds))["y"]!;
    const shown = (await runModel(tapModel(bytes, options).bytes, feeds))["y"]!;
    if (!bare.data.every((value, i) => Object.is(value, shown.data[i]))) seeds.push(seed);
  }
  return seeds;
}

const title = ({ op, behind = [], open = false }: Case) => [op, ...behind, open ? "…" : "Q"].join(" → ");

describe.each(FUSED.map((item) => [title(item), item] as const))("%s", (_, item) => {
  test("recording it leaves every bit of the output", async () => {
    expect(await changed(item, {})).toEqual([]);
  });

  // If this fails, the runtime fuses no longer, and the test above shows nothing.
  test("showing the value within the fusion does not", async () => {
    expect(
      await changed(item, { layerFilter: () => false, tensors: [item.behind?.[0] === "Add" ? "c2" : "c1"] }),
    ).not.toEqual([]);
  });
});

test.each(OTHERS.map((item) => [title(item), item] as const))(
  "%s: recording it leaves every bit of the output",
  async (_, item) => {
    expect(await changed(item, {})).toEqual([]);
  },
);
