import type { OnnxNode, TapLayout } from "../model/types.js";

/** What is known of an operator that is a layer. */
export interface LayerOp {
  /** What it is called where a reason is given. */
  readonly kind: "convolution" | "dense" | "recurrent" | "attention";
  /** Index of the input that must be constant; `null` where the layer has no weight of its own. */
  readonly weight: number | null;
  /** Index of the input with the bias; `null` if it has none and never an Add behind it. */
  readonly bias: number | null;
  /** Takes an Add of a constant behind it as its bias, if it has none. */
  readonly absorbsAdd: boolean;
  readonly layout: (node: OnnxNode) => TapLayout;
  /** Number of features by the shape of the weight where it is used; that is empty if it is not known. */
  readonly features: (node: OnnxNode, dims: readonly number[]) => number | undefined;
  /** Indices of the inputs with scale and zero point of a quantised output. */
  readonly quantized?: { readonly scale: number; readonly zeroPoint: number };
  /** Gives int32, which is cast and scaled behind it. */
  readonly integer?: boolean;
}

const int = (node: OnnxNode, name: string, otherwise: number): number => {
  const value = node.attribute(name);
  return typeof value === "number" ? value : otherwise;
};

const DENSE: TapLayout = { kind: "dense" };
const ATTENTION: TapLayout = { kind: "attention" };
const NCHW: TapLayout = { kind: "conv", layout: "channelsFirst" };
const NHWC: TapLayout = { kind: "conv", layout: "channelsLast" };

const conv: LayerOp = {
  kind: "convolution",
  weight: 1,
  bias: 2,
  absorbsAdd: true,
  layout: () => NCHW,
  features: (_, dims) => dims[0],
};
const qlinearConv: LayerOp = {
  ...conv,
  weight: 3,
  bias: 8,
  absorbsAdd: false,
  layout: (node) => (int(node, "channels_last", 0) === 1 ? NHWC : NCHW),
  quantized: { scale: 6, zeroPoint: 7 },
};

const matMul: LayerOp = {
  kind: "dense",
  weight: 1,
  bias: null,
  absorbsAdd: true,
  layout: () => DENSE,
  features: (_, dims) => (dims.length > 1 ? dims.at(-1) : undefined),
};
const gemm: LayerOp = {
  ...matMul,
  bias: 2,
  features: (node, dims) => (int(node, "transB", 0) === 0 ? dims[1] : dims[0]),
};
const withColumns = (attribute: string, op: Partial<LayerOp> = {}): LayerOp => ({
  ...matMul,
  features: (node) => int(node, attribute, 0) || undefined,
  ...op,
});

const DIRECTIONS: Readonly<Record<string, number>> = { bidirectional: 2 };
const recurrent: LayerOp = {
  kind: "recurrent",
  weight: 1,
  bias: 3,
  absorbsAdd: false,
  layout: (node) => ({
    kind: "recurrent",
    batchFirst: int(node, "layout", 0) === 1,
    directions: DIRECTIONS[String(node.attribute("direction"))] ?? 1,
  }),
  features: (node) => int(node, "hidden_size", 0) || undefined,
};

const attention: LayerOp = {
  kind: "attention",
  weight: null,
  bias: null,
  absorbsAdd: false,
  layout: () => ATTENTION,
  features: () => undefined,
};
const projectingAttention: LayerOp = { ...attention, weight: 1, bias: 2 };

/** The layers of the default domain. */
const STANDARD: Readonly<Record<string, LayerOp>> = {
  Conv: conv,
  ConvTranspose: { ...conv, features: (node, dims) => dims[1] && dims[1] * int(node, "group", 1) },
  DeformConv: { ...conv, bias: 3 },
  ConvInteger: { ...conv, bias: null, integer: true },
  QLinearConv: qlinearConv,
  Gemm: gemm,
  MatMul: matMul,
  MatMulInteger: { ...matMul, integer: true },
  QLinearMatMul: { ...matMul, weight: 3, absorbsAdd: false, quantized: { scale: 6, zeroPoint: 7 } },
  LSTM: recurrent,
  GRU: recurrent,
  RNN: recurrent,
  Attention: attention,
};

/** Those of ONNX Runtime's own domain. */
const MICROSOFT: Readonly<Record<string, LayerOp>> = {
  FusedConv: { ...conv, absorbsAdd: false },
  NhwcFusedConv: { ...conv, absorbsAdd: false, layout: () => NHWC },
  QLinearConv: qlinearConv,
  FusedGemm: { ...gemm, absorbsAdd: false },
  GemmFastGelu: { ...gemm, absorbsAdd: false, features: (_, dims) => dims[1] },
  GemmFloat8: gemm,
  QGemm: { ...gemm, weight: 3, bias: 6, absorbsAdd: false, quantized: { scale: 7, zeroPoint: 8 } },
  FusedMatMul: {
    ...matMul,
    features: (node, dims) => (int(node, "transB", 0) === 0 ? dims.at(-1) : dims.at(-2)),
  },
  MatMulInteger16: { ...matMul, integer: true },
  MatMulIntegerToFloat: { ...matMul, bias: 6 },
  DynamicQuantizeMatMul: { ...matMul, bias: 4 },
  MatMulNBits: withColumns("N", { bias: 5 }),
  MatMulBnb4: withColumns("N"),
  MoE: { ...matMul, weight: 2, absorbsAdd: false, features: () => undefined },
  QMoE: { ...matMul, weight: 2, absorbsAdd: false, features: () => undefined },
  DynamicQuantizeLSTM: recurrent,
  Attention: projectingAttention,
  QAttention: projectingAttention,
  PackedAttention: projectingAttention,
  LongformerAttention: projectingAttention,
  MultiHeadAttention: attention,
  PackedMultiHeadAttention: attention,
  DecoderMaskedMultiHeadAttention: attention,
  DecoderMaskedSelfAttention: projectingAttention,
  DecoderAttention: attention,
  GroupQueryAttention: attention,
  SparseAttention: attention,
  PagedAttention: attention,
};

/** What is known of a node's operator as a layer; `undefined` if it is none. */
export function layerOp({ domain, opType }: OnnxNode): LayerOp | undefined {
  const ops = domain === "" ? STANDARD : domain === "com.microsoft" ? MICROSOFT : undefined;
  return ops !== undefined && Object.hasOwn(ops, opType) ? ops[opType] : undefined;
}

/** An operator as it is shown: with its domain, unless that is the default one. */
export const operatorName = ({ domain, opType }: OnnxNode): string =>
  domain === "" ? opType : `${domain}.${opType}`;
