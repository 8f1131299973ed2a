import { DataType } from "../../src/model/types.js";
import { type MadeNode, type MadeTensor, tensor } from "../make-model.js";
import { cast, type Family, FLOAT, scalar, steps, weights } from "./family.js";

const { uint8, int8, int32 } = DataType;

// Scales that suit inputs of `wave` and sums of a dozen of its products.
const INPUT: readonly MadeTensor[] = [scalar("in_scale", 0.0079), scalar("in_zero", 128, uint8)];
const OUTPUT: readonly MadeTensor[] = [scalar("out_scale", 0.031), scalar("out_zero", 120, uint8)];
const WEIGHT: readonly MadeTensor[] = [scalar("w_scale", 0.027), scalar("w_zero", 0, int8)];

const quantize = (from: string, to: string, by: string): MadeNode => ({
  opType: "QuantizeLinear",
  inputs: [from, `${by}_scale`, `${by}_zero`],
  outputs: [to],
});
const dequantize = (from: string, to: string, by: string): MadeNode => ({
  opType: "DequantizeLinear",
  inputs: [from, `${by}_scale`, `${by}_zero`],
  outputs: [to],
});

const CONV = { dims: [2, 3, 5, 4], weight: [4, 3, 2, 2] };
const DENSE = { dims: [3, 5], weight: [5, 4] };

/** An operator that takes and gives quantised values. */
function quantizedOperator(op: "QLinearConv" | "QLinearMatMul"): Family {
  const { dims, weight } = op === "QLinearConv" ? CONV : DENSE;
  return {
    op,
    since: 10,
    types: FLOAT,
    make: () => ({
      layer: "q",
      dims,
      features: 4,
      initializers: [...INPUT, ...OUTPUT, ...WEIGHT, tensor("q.weight_quantized", weight, steps, int8)],
      nodes: [
        quantize("in", "xq", "in"),
        {
          opType: op,
          inputs: [
            "xq",
            "in_scale",
            "in_zero",
            "q.weight_quantized",
            "w_scale",
            "w_zero",
            "out_scale",
            "out_zero",
          ],
          outputs: ["yq"],
        },
        dequantize("yq", "f", "out"),
      ],
      seen: "f",
    }),
  };
}

/** int32 sums, which a Cast and a Mul bring to floats, and an Add its bias. */
function integerOperator(op: "ConvInteger" | "MatMulInteger"): Family {
  const { dims, weight } = op === "ConvInteger" ? CONV : DENSE;
  return {
    op: `${op} + Cast + Mul + Add`,
    since: 10,
    types: FLOAT,
    make: () => ({
      layer: "q",
      dims,
      features: 4,
      initializers: [
        ...INPUT,
        ...WEIGHT,
        scalar("both_scales", 0.0079 * 0.027),
        tensor("q.weight_quantized", weight, steps, int8),
        weights("q.bias", op === "ConvInteger" ? [1, 4, 1, 1] : [4]),
      ],
      nodes: [
        quantize("in", "xq", "in"),
        { opType: op, inputs: ["xq", "q.weight_quantized", "in_zero", "w_zero"], outputs: ["i"] },
        cast("i", "c", DataType.float),
        { opType: "Mul", inputs: ["c", "both_scales"], outputs: ["s"] },
        { opType: "Add", inputs: ["s", "q.bias"], outputs: ["a"] },
      ],
      seen: "a",
    }),
  };
}

/** int32 sums with nothing behind them that a layer would have. */
const bareInteger: Family = {
  op: "MatMulInteger alone",
  since: 10,
  types: FLOAT,
  make: () => ({
    layer: "q",
    ...{ dims: DENSE.dims, features: 4 },
    initializers: [...INPUT, ...WEIGHT, tensor("q.weight", DENSE.weight, steps, int8)],
    nodes: [
      quantize("in", "xq", "in"),
      { opType: "MatMulInteger", inputs: ["xq", "q.weight", "in_zero", "w_zero"], outputs: ["i"] },
      { opType: "Identity", inputs: ["i"], outputs: ["j"] },
      cast("j", "f", DataType.float),
    ],
    seen: "f",
  }),
};

interface Pair {
  readonly op: "Conv" | "MatMul" | "Gemm";
  readonly behind?: "Relu" | "Clip" | "Add" | "Sigmoid";
  /** No QuantizeLinear behind it. */
  readonly open?: boolean;
}

/** A layer between DequantizeLinear and QuantizeLinear, which the runtime fuses into a quantised one. */
function pair({ op, behind, open = false }: Pair): Family {
  const { dims, weight } = op === "Conv" ? CONV : DENSE;
  const activation = behind !== undefined && behind !== "Add";
  const operand: Readonly<Record<string, string[]>> = { Add: ["q.bias"], Clip: ["least", "most"] };
  const out = behind === undefined ? "c" : "b";
  return {
    op: `QDQ ${op}${behind === undefined ? "" : ` + ${behind}`}${open ? " without Q" : ""}`,
    // Before 11 Clip has no inputs and Gemm no bias to leave out, and a fusion of Add lacks an operator.
    since: behind === "Clip" || behind === "Add" || op === "Gemm" ? 11 : 10,
    types: FLOAT,
    make: () => ({
      layer: "q",
      dims,
      features: 4,
      initializers: [
        ...INPUT,
        ...OUTPUT,
        ...WEIGHT,
        tensor("q.weight_quantized", weight, steps, int8),
        ...(behind === "Add" ? [weights("q.bias", [4])] : []),
        ...(behind === "Clip" ? [scalar("least", 0), scalar("most", 6)] : []),
      ],
      nodes: [
        quantize("in", "xq", "in"),
        dequantize("xq", "xf", "in"),
        dequantize("q.weight_quantized", "wf", "w"),
        { opType: op, inputs: ["xf", "wf"], outputs: ["c"] },
        ...(behind === undefined
          ? []
          : [{ opType: behind, inputs: ["c", ...(operand[behind] ?? [])], outputs: ["b"] }]),
        ...(open ? [] : [quantize(out, "yq", "out"), dequantize("yq", "f", "out")]),
      ],
      seen: open ? out : "f",
      comparable: !activation,
    }),
  };
}

/** Operators of ONNX Runtime's own domain. */
function contributed(
  op: string,
  {
    dims = DENSE.dims,
    nodes,
    initializers,
  }: { dims?: readonly number[]; nodes: MadeNode[]; initializers: MadeTensor[] },
): Family {
  return {
    op: `com.microsoft.${op}`,
    since: 10,
    types: FLOAT,
    make: () => ({
      layer: "q",
      dims,
      features: 4,
      initializers,
      nodes: nodes.map((node) => (node.opType === op ? { ...node, domain: "com.microsoft" } : node)),
      seen: "f",
    }),
  };
}

const quantizedWeight = tensor("q.weight_quantized", DENSE.weight, steps, int8);
const matMulNBits = {
  K: { int: 32 },
  N: { int: 4 },
  bits: { int: 4 },
  block_size: { int: 16 },
};

const CONTRIBUTED: readonly Family[] = [
  contributed("QGemm", {
    initializers: [...INPUT, ...WEIGHT, ...OUTPUT, quantizedWeight, tensor("q.bias", [4], steps, int32)],
    nodes: [
      quantize("in", "xq", "in"),
      {
        opType: "QGemm",
        inputs: [
          "xq",
          "in_scale",
          "in_zero",
          "q.weight_quantized",
          "w_scale",
          "w_zero",
          "q.bias",
          "out_scale",
          "out_zero",
        ],
        outputs: ["yq"],
      },
      dequantize("yq", "f", "out"),
    ],
  }),
  contributed("QGemm", {
    initializers: [...INPUT, ...WEIGHT, quantizedWeight],
    nodes: [
      quantize("in", "xq", "in"),
      {
        opType: "QGemm",
        inputs: ["xq", "in_scale", "in_zero", "q.weight_quantized", "w_scale", "w_zero"],
        outputs: ["f"],
      },
    ],
  }),
  contributed("MatMulIntegerToFloat", {
    initializers: [...INPUT, ...WEIGHT, quantizedWeight, weights("q.bias", [4])],
    nodes: [
      quantize("in", "xq", "in"),
      {
        opType: "MatMulIntegerToFloat",
        inputs: ["xq", "q.weight_quantized", "in_scale", "w_scale", "in_zero", "w_zero", "q.bias"],
        outputs: ["f"],
      },
    ],
  }),
  contributed("DynamicQuantizeMatMul", {
    initializers: [...WEIGHT, quantizedWeight],
    nodes: [
      {
        opType: "DynamicQuantizeMatMul",
        inputs: ["in", "q.weight_quantized", "w_scale", "w_zero"],
        outputs: ["f"],
      },
    ],
  }),
  contributed("MatMulNBits", {
    dims: [2, 3, 32],
    initializers: [
      tensor("q.weight_Q4", [4, 2, 8], (i) => (i * 37) % 256, uint8),
      tensor("q.weight_scales", [8], (i) => (i + 1) / 29),
    ],
    nodes: [
      {
        opType: "MatMulNBits",
        inputs: ["in", "q.weight_Q4", "q.weight_scales"],
        outputs: ["f"],
        attributes: matMulNBits,
      },
    ],
  }),
  contributed("MatMulBnb4", {
    dims: [2, 3, 32],
    initializers: [
      tensor("q.weight_Bnb4", [64], (i) => (i * 37) % 256, uint8),
      tensor("q.weight_absmax", [8], (i) => (i + 1) / 29),
    ],
    nodes: [
      {
        opType: "MatMulBnb4",
        inputs: ["in", "q.weight_Bnb4", "q.weight_absmax"],
        outputs: ["f"],
        attributes: { K: { int: 32 }, N: { int: 4 }, block_size: { int: 16 }, quant_type: { int: 1 } },
      },
    ],
  }),
];

/** With the channels last, as the runtime saves an optimised model. */
const channelsLast: Family = {
  op: "com.microsoft.QLinearConv, channels last",
  since: 10,
  types: FLOAT,
  make: () => ({
    layer: "q",
    dims: [2, 5, 4, 3],
    features: 4,
    initializers: [...INPUT, ...OUTPUT, ...WEIGHT, tensor("q.weight_quantized", CONV.weight, steps, int8)],
    nodes: [
      quantize("in", "xq", "in"),
      {
        opType: "QLinearConv",
        domain: "com.microsoft",
        inputs: [
          "xq",
          "in_scale",
          "in_zero",
          "q.weight_quantized",
          "w_scale",
          "w_zero",
          "out_scale",
          "out_zero",
        ],
        outputs: ["yq"],
        attributes: { channels_last: { int: 1 } },
      },
      dequantize("yq", "f", "out"),
    ],
    seen: "f",
  }),
};

/** Weights are [directions, inputs, gates · hidden] here, other than those of LSTM. */
const dynamicLstm: Family = {
  op: "com.microsoft.DynamicQuantizeLSTM",
  since: 7,
  types: FLOAT,
  make: () => ({
    layer: "q",
    dims: [3, 2, 5],
    features: 4,
    initializers: [
      tensor("q.weight_quantized", [1, 5, 16], steps, int8),
      tensor("r.weight_quantized", [1, 4, 16], steps, int8),
      tensor("w_scale", [1], [0.027]),
      tensor("w_zero", [1], [0], int8),
    ],
    nodes: [
      {
        opType: "DynamicQuantizeLSTM",
        domain: "com.microsoft",
        inputs: [
          "in",
          "q.weight_quantized",
          "r.weight_quantized",
          ...["", "", "", "", ""],
          ...["w_scale", "w_zero", "w_scale", "w_zero"],
        ],
        outputs: ["f"],
        attributes: { hidden_size: { int: 4 } },
      },
    ],
    seen: "f",
  }),
};

export const QUANTIZED_FAMILIES: readonly Family[] = [
  quantizedOperator("QLinearConv"),
  quantizedOperator("QLinearMatMul"),
  integerOperator("ConvInteger"),
  integerOperator("MatMulInteger"),
  bareInteger,
  ...(["Conv", "MatMul", "Gemm"] as const).flatMap((op) => [
    pair({ op }),
    pair({ op, behind: "Relu" }),
    pair({ op, behind: "Clip" }),
    pair({ op, behind: "Sigmoid" }),
    pair({ op, open: true }),
  ]),
  pair({ op: "MatMul", behind: "Add" }),
  pair({ op: "MatMul", behind: "Add", open: true }),
  ...CONTRIBUTED,
  channelsLast,
  dynamicLstm,
];
