import { DataType, type NewAttribute } from "../../src/model/types.js";
import { ALL, cast, type Family, FLOAT, HALF, weights } from "./family.js";

const MICROSOFT = "com.microsoft";

function convolution(op: "Conv" | "ConvTranspose", axes: number): Family {
  const places = [5, 4, 3].slice(0, axes);
  const kernel = places.map(() => 2);
  return {
    op: `${op} ${axes}-D`,
    since: 7,
    types: HALF,
    make: (type) => ({
      layer: "block.0",
      dims: [2, 3, ...places],
      features: 4,
      initializers: [
        weights("block.0.weight", op === "Conv" ? [4, 3, ...kernel] : [3, 4, ...kernel], type),
        weights("block.0.bias", [4], type),
      ],
      nodes: [{ opType: op, inputs: ["in", "block.0.weight", "block.0.bias"], outputs: ["c"] }],
      seen: "c",
    }),
  };
}

/** As CNTK and Keras write it: the bias comes in an Add of its own. */
const convAdd: Family = {
  op: "Conv + Add",
  since: 7,
  types: FLOAT,
  make: (type) => ({
    layer: "Convolution28",
    dims: [2, 3, 5, 4],
    features: 4,
    initializers: [weights("Parameter5", [4, 3, 2, 2], type), weights("Parameter6", [4, 1, 1], type)],
    nodes: [
      { opType: "Conv", name: "Convolution28", inputs: ["in", "Parameter5"], outputs: ["c"] },
      { opType: "Add", inputs: ["c", "Parameter6"], outputs: ["a"] },
    ],
    seen: "a",
  }),
};

/** As the runtime saves an optimised model: the activation is a part of the layer. */
const fusedConv: Family = {
  op: "com.microsoft.FusedConv",
  since: 7,
  types: FLOAT,
  make: (type) => ({
    layer: "block.0",
    dims: [2, 3, 5, 4],
    features: 4,
    initializers: [weights("block.0.weight", [4, 3, 2, 2], type), weights("block.0.bias", [4], type)],
    nodes: [
      {
        opType: "FusedConv",
        domain: MICROSOFT,
        inputs: ["in", "block.0.weight", "block.0.bias"],
        outputs: ["c"],
        attributes: { activation: { string: "LeakyRelu" }, activation_params: { floats: [0.5] } },
      },
    ],
    seen: "c",
  }),
};

const deformConv: Family = {
  op: "DeformConv",
  since: 19,
  types: FLOAT,
  make: (type) => ({
    layer: "block.0",
    dims: [2, 3, 4, 4],
    features: 4,
    initializers: [
      weights("block.0.weight", [4, 3, 2, 2], type),
      weights("block.0.bias", [4], type),
      weights("shifts", [2, 8, 3, 3], type),
    ],
    nodes: [
      { opType: "DeformConv", inputs: ["in", "block.0.weight", "shifts", "block.0.bias"], outputs: ["c"] },
    ],
    seen: "c",
  }),
};

interface Dense {
  readonly op: string;
  readonly types?: readonly number[];
  readonly domain?: string;
  readonly attributes?: Readonly<Record<string, NewAttribute>>;
}

function dense({ op, types = ALL, domain = "", attributes = {} }: Dense): Family {
  const transposed = "transB" in attributes;
  const biased = op.includes("Gemm");
  return {
    op: `${domain === "" ? "" : `${domain}.`}${op}${transposed ? " transB" : ""}`,
    since: 7,
    types,
    make: (type) => ({
      layer: "fc",
      dims: [3, 5],
      features: 4,
      initializers: [
        weights("fc.weight", transposed ? [4, 5] : [5, 4], type),
        ...(biased ? [weights("fc.bias", [4], type)] : []),
      ],
      nodes: [
        {
          opType: op,
          domain,
          name: "/fc/op",
          inputs: ["in", "fc.weight", ...(biased ? ["fc.bias"] : [])],
          outputs: ["g"],
          attributes,
        },
      ],
      seen: "g",
    }),
  };
}

/** As PyTorch's exporter writes a Linear on sequences: an anonymous weight, and the bias in an Add. */
const matMulAdd: Family = {
  op: "MatMul + Add",
  since: 7,
  types: ALL,
  make: (type) => ({
    layer: "encoder.query",
    dims: [2, 3, 5],
    features: 4,
    initializers: [weights("onnx::MatMul_17", [5, 4], type), weights("encoder.query.bias", [4], type)],
    nodes: [
      { opType: "MatMul", inputs: ["in", "onnx::MatMul_17"], outputs: ["m"] },
      { opType: "Add", inputs: ["encoder.query.bias", "m"], outputs: ["a"] },
    ],
    seen: "a",
  }),
};

/** Every axis but the last is of samples, however many there are; the bias may have axes of extent 1 in front. */
const matMulOfFourAxes: Family = {
  op: "MatMul of 4 axes + Add",
  since: 7,
  types: ALL,
  make: (type) => ({
    layer: "fc",
    dims: [2, 3, 2, 5],
    features: 4,
    initializers: [weights("fc.weight", [5, 4], type), weights("fc.bias", [1, 1, 4], type)],
    nodes: [
      { opType: "MatMul", inputs: ["in", "fc.weight"], outputs: ["m"] },
      { opType: "Add", inputs: ["m", "fc.bias"], outputs: ["a"] },
    ],
    seen: "a",
  }),
};

/** The weight reaches the MatMul by way of a Constant, a Transpose and an Identity. */
const matMulOfTransposed: Family = {
  op: "MatMul of a Transpose",
  since: 7,
  types: ALL,
  make: (type) => ({
    layer: "head",
    dims: [3, 5],
    features: 4,
    initializers: [],
    nodes: [
      {
        opType: "Constant",
        inputs: [],
        outputs: ["c"],
        attributes: { value: { tensor: weights("", [4, 5], type) } },
      },
      { opType: "Transpose", inputs: ["c"], outputs: ["t"], attributes: { perm: { ints: [1, 0] } } },
      { opType: "Identity", inputs: ["t"], outputs: ["i"] },
      { opType: "MatMul", name: "/head/MatMul_1", inputs: ["in", "i"], outputs: ["m"] },
    ],
    seen: "m",
  }),
};

/** The weight is kept in bfloat16, which hardly any operator computes in, and cast where it is used. */
const matMulOfBfloat16: Family = {
  op: "MatMul of a Cast",
  since: 13,
  types: FLOAT,
  make: (type) => ({
    layer: "fc",
    dims: [3, 5],
    features: 4,
    initializers: [weights("fc.weight", [5, 4], DataType.bfloat16)],
    nodes: [cast("fc.weight", "w", type), { opType: "MatMul", inputs: ["in", "w"], outputs: ["m"] }],
    seen: "m",
  }),
};

const GATES = { LSTM: 4, GRU: 3, RNN: 1 } as const;

interface Recurrent {
  readonly op: keyof typeof GATES;
  readonly directions?: 1 | 2;
  /** Y has no name: only the last state is used. */
  readonly unnamed?: boolean;
  readonly batchFirst?: boolean;
}

function recurrent({ op, directions = 1, unnamed = false, batchFirst = false }: Recurrent): Family {
  const rows = GATES[op] * 4;
  const variant = [
    directions === 2 && " bidirectional",
    unnamed && " without Y",
    batchFirst && " batch first",
  ];
  return {
    op: `${op}${variant.filter(Boolean).join("")}`,
    since: batchFirst ? 14 : 7,
    types: FLOAT,
    make: (type) => ({
      layer: "rnn",
      dims: [3, 2, 5],
      features: 4,
      initializers: [
        weights("rnn.weight_ih_l0", [directions, rows, 5], type),
        weights("rnn.weight_hh_l0", [directions, rows, 4], type),
      ],
      nodes: [
        {
          opType: op,
          inputs: ["in", "rnn.weight_ih_l0", "rnn.weight_hh_l0"],
          outputs: unnamed ? ["", "h"] : ["all"],
          attributes: {
            hidden_size: { int: 4 },
            ...(directions === 2 ? { direction: { string: "bidirectional" } } : {}),
            ...(batchFirst ? { layout: { int: 1 } } : {}),
          },
        },
      ],
      seen: unnamed ? "h" : "all",
      comparable: !unnamed,
    }),
  };
}

export const FLOAT_FAMILIES: readonly Family[] = [
  ...[1, 2, 3].flatMap((axes) => [convolution("Conv", axes), convolution("ConvTranspose", axes)]),
  convAdd,
  fusedConv,
  deformConv,
  dense({ op: "Gemm" }),
  dense({ op: "Gemm", attributes: { transB: { int: 1 } } }),
  dense({ op: "MatMul" }),
  dense({
    op: "FusedGemm",
    domain: MICROSOFT,
    types: FLOAT,
    attributes: { activation: { string: "LeakyRelu" }, activation_alpha: { float: 0.5 } },
  }),
  dense({ op: "FusedMatMul", domain: MICROSOFT }),
  dense({ op: "FusedMatMul", domain: MICROSOFT, attributes: { transB: { int: 1 } } }),
  matMulAdd,
  matMulOfFourAxes,
  matMulOfTransposed,
  matMulOfBfloat16,
  ...(["LSTM", "GRU", "RNN"] as const).flatMap((op) => [
    recurrent({ op }),
    recurrent({ op, directions: 2 }),
    recurrent({ op, unnamed: true }),
    recurrent({ op, directions: 2, unnamed: true }),
  ]),
];
