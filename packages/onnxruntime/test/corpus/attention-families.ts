import { DataType } from "../../src/model/types.js";
import { type MadeNode, type MadeTensor, tensor } from "../make-model.js";
import { type Family, FLOAT, HALF, scalar, steps, weights } from "./family.js";

const HEADS = { num_heads: { int: 2 } };
/** [samples, steps, width]: two heads of 8. */
const TOKENS = [2, 3, 16];

interface Attention {
  readonly op: string;
  readonly since?: number;
  readonly layer?: string;
  readonly dims?: readonly number[];
  readonly features?: number | null;
  readonly initializers?: (type: number) => readonly MadeTensor[];
  readonly nodes: readonly MadeNode[];
  readonly comparable?: boolean;
  readonly types?: readonly number[];
}

function attention({
  op,
  since = 7,
  layer = "attn",
  dims = TOKENS,
  features = null,
  initializers = () => [],
  nodes,
  comparable = true,
  types = FLOAT,
}: Attention): Family {
  const make = (type: number) => ({
    layer,
    dims,
    features,
    initializers: initializers(type),
    nodes,
    seen: "f",
    comparable,
  });
  return { op, since, types, make };
}

const microsoft = (node: MadeNode): MadeNode => ({ name: "attn", domain: "com.microsoft", ...node });

export const ATTENTION_FAMILIES: readonly Family[] = [
  attention({
    op: "com.microsoft.Attention",
    layer: "self",
    initializers: () => [weights("self.weight", [16, 48]), weights("self.bias", [48])],
    nodes: [
      microsoft({
        opType: "Attention",
        inputs: ["in", "self.weight", "self.bias"],
        outputs: ["f"],
        attributes: HEADS,
      }),
    ],
  }),
  attention({
    op: "com.microsoft.QAttention",
    since: 10,
    layer: "self",
    initializers: () => [
      scalar("in_scale", 1 / 32),
      scalar("in_zero", 128, DataType.uint8),
      scalar("w_scale", 1 / 32),
      scalar("w_zero", 0, DataType.int8),
      tensor("self.weight_quantized", [16, 48], steps, DataType.int8),
      weights("self.bias", [48]),
    ],
    nodes: [
      { opType: "QuantizeLinear", inputs: ["in", "in_scale", "in_zero"], outputs: ["xq"] },
      microsoft({
        opType: "QAttention",
        inputs: ["xq", "self.weight_quantized", "self.bias", "in_scale", "w_scale", "", "in_zero", "w_zero"],
        outputs: ["f"],
        attributes: HEADS,
      }),
    ],
  }),
  attention({
    op: "com.microsoft.MultiHeadAttention",
    nodes: [
      microsoft({
        opType: "MultiHeadAttention",
        inputs: ["in", "in", "in"],
        outputs: ["f"],
        attributes: HEADS,
      }),
    ],
  }),
  attention({
    op: "com.microsoft.GroupQueryAttention",
    initializers: () => [
      tensor("lengths", [2], [2, 2], DataType.int32),
      tensor("total", [1], [3], DataType.int32),
    ],
    nodes: [
      microsoft({
        opType: "GroupQueryAttention",
        inputs: ["in", "in", "in", "", "", "lengths", "total"],
        outputs: ["f", "present_key", "present_value"],
        attributes: { ...HEADS, kv_num_heads: { int: 2 } },
      }),
    ],
  }),
  attention({
    op: "com.microsoft.MultiHeadAttention of other values",
    initializers: () => [weights("keys", [2, 5, 16]), weights("values", [2, 5, 24])],
    nodes: [
      microsoft({
        opType: "MultiHeadAttention",
        inputs: ["in", "keys", "values"],
        outputs: ["f"],
        attributes: HEADS,
      }),
    ],
  }),
  attention({
    op: "com.microsoft.GroupQueryAttention of one group",
    types: HALF,
    initializers: (type) => [
      weights("keys", [2, 3, 8], type),
      tensor("lengths", [2], [2, 2], DataType.int32),
      tensor("total", [1], [3], DataType.int32),
    ],
    nodes: [
      microsoft({
        opType: "GroupQueryAttention",
        inputs: ["in", "keys", "keys", "", "", "lengths", "total"],
        outputs: ["f", "present_key", "present_value"],
        attributes: { ...HEADS, kv_num_heads: { int: 1 } },
      }),
    ],
  }),
  attention({
    op: "Attention with 3 axes",
    since: 23,
    types: HALF,
    nodes: [
      {
        opType: "Attention",
        name: "attn",
        inputs: ["in", "in", "in"],
        outputs: ["f"],
        attributes: { q_num_heads: { int: 2 }, kv_num_heads: { int: 2 } },
      },
    ],
  }),
  attention({
    op: "Attention with 4 axes",
    since: 23,
    dims: [2, 2, 3, 8],
    nodes: [{ opType: "Attention", name: "attn", inputs: ["in", "in", "in"], outputs: ["f"] }],
    comparable: false,
  }),
  attention({
    op: "Attention with 4 axes, of other values",
    since: 23,
    dims: [2, 2, 3, 8],
    initializers: () => [weights("keys", [2, 2, 5, 8]), weights("values", [2, 2, 5, 6])],
    nodes: [{ opType: "Attention", name: "attn", inputs: ["in", "keys", "values"], outputs: ["f"] }],
    comparable: false,
  }),
];
