import type { Layer, Model } from "./types.js";

/** What is to be known of a kind of layer. */
export interface LayerKind {
  /** What the layer does. The first three are Delve's, and recorded by default. */
  readonly family: "linear" | "conv" | "recurrent" | "embedding" | "normalization" | "other";
  /** Axes of places where the output is a feature map; its channels come last or, channels first, before these. */
  readonly places?: number;
  /** It ends with an activation function of its own, kept in `activation`, and can be called without it. */
  readonly activated?: true;
  /** Its values lie channels-last whatever its `dataFormat` says. */
  readonly alwaysChannelsLast?: true;
  /** A wrapper: the property that holds the layer inside it, whose kind it takes. */
  readonly wraps?: "layer" | "forwardLayer";
}

const conv = (places: number): LayerKind => ({ family: "conv", places, activated: true });
const recurrent: LayerKind = { family: "recurrent" };
const convRecurrent: LayerKind = { family: "recurrent", places: 2 };
const normalization: LayerKind = { family: "normalization" };

/** The kinds of layers that are known, by tfjs class name. A class that extends one of them is of its kind. */
export const LAYER_KINDS: Readonly<Record<string, LayerKind>> = {
  Dense: { family: "linear", activated: true },

  // tfjs 4.22 takes channels first here, and puts out channels last all the same.
  Conv1D: { ...conv(1), alwaysChannelsLast: true },
  Conv2D: conv(2),
  Conv3D: conv(3),
  Conv2DTranspose: conv(2),
  Conv3DTranspose: conv(3),
  DepthwiseConv2D: conv(2),
  SeparableConv2D: conv(2),

  // Their activation functions stand inside the recurrence: there is no value before them.
  SimpleRNN: recurrent,
  GRU: recurrent,
  LSTM: recurrent,
  RNN: recurrent,
  ConvRNN2D: convRecurrent,
  ConvLSTM2D: convRecurrent,
  SimpleRNNCell: recurrent,
  GRUCell: recurrent,
  LSTMCell: recurrent,
  ConvLSTM2DCell: convRecurrent,
  StackedRNNCells: recurrent,

  Bidirectional: { ...recurrent, wraps: "forwardLayer" },
  TimeDistributed: { family: "other", wraps: "layer" },

  Embedding: { family: "embedding" },
  BatchNormalization: normalization,
  LayerNormalization: normalization,
};

const BY_DEFAULT: readonly LayerKind["family"][] = ["linear", "conv", "recurrent"];

/** Whether layers of this kind are recorded without being asked for. */
export const isByDefault = ({ family }: LayerKind): boolean => BY_DEFAULT.includes(family);

/**
 * The kind of a layer: its own, that of the nearest class it extends, or, for a wrapper, that of the layer (or of
 * the last layer of the model) inside it; `undefined` if there is none.
 */
export function kindOf(layer: Layer): LayerKind | undefined {
  const kind = ownKindOf(layer)?.kind;
  return kind?.wraps ? kindOf(lastInside(layer, kind)) : kind;
}

/**
 * The layer whose `activation` a layer's output has gone through last, so that calling it without that function and
 * applying the function afterwards comes to the same: the layer itself, or the one inside a wrapper. `undefined` where
 * there is none, or where a class of the user's own has its say in between.
 */
export function activatedPart(layer: Layer): Layer | undefined {
  const { kind, overridden } = ownKindOf(layer) ?? {};
  if (!kind || overridden) return undefined;
  if (kind.wraps !== "layer") return kind.activated && layer;
  const inside = wrapped(layer, kind);
  return isModel(inside) ? undefined : activatedPart(inside);
}

/**
 * Which axis of a layer's output holds its features.
 *
 * @param rank - Number of axes of the output, the batch among them.
 */
export function featureAxis(layer: Layer, rank: number): number {
  const { kind } = ownKindOf(layer) ?? {};
  if (kind?.wraps === "layer") return 1 + featureAxis(lastInside(layer, kind), rank - 1);
  if (kind?.wraps) return featureAxis(lastInside(layer, kind), rank);
  const { axis, dataFormat, cell } = layer as unknown as Settings;
  if (kind?.family === "normalization") return typeof axis === "number" ? (axis + rank) % rank : rank - 1;
  const channelsFirst = (dataFormat ?? cell?.dataFormat) === "channelsFirst";
  if (!channelsFirst || kind?.alwaysChannelsLast) return rank - 1;
  return kind?.places ? rank - 1 - kind.places : 1;
}

/**
 * Whether the middle axes of a layer's output are places of a feature map rather than steps of a sequence. Where a
 * layer does not tell, as a normalisation does not, the layers before it do.
 */
export function givesMaps(layer: Layer, rank: number): boolean {
  if (rank > 3) return !isOfSteps(kindOf(layer));
  for (let source: Layer | undefined = layer; source !== undefined; source = layerBefore(source)) {
    const kind = kindOf(source);
    if (kind && kind.family !== "normalization") return kind.places !== undefined;
  }
  return false;
}

/** A layer of a user's own may have `layers` too; it has no symbolic outputs. */
export function isModel(module: Model | Layer): module is Model {
  return "layers" in module && "outputs" in module && Array.isArray(module.layers);
}

/** Whether more than one middle axis means steps of steps, as with words of sentences of a text. */
const isOfSteps = (kind: LayerKind | undefined): boolean =>
  kind !== undefined && ["recurrent", "embedding"].includes(kind.family) && kind.places === undefined;

/** Fields that tfjs keeps on layers and hides in its types. */
interface Settings {
  readonly axis?: number | readonly number[];
  readonly dataFormat?: string;
  readonly cell?: { readonly dataFormat?: string };
}

const wrapped = (layer: Layer, { wraps }: LayerKind): Model | Layer => Reflect.get(layer, wraps!);

/** The layer inside a wrapper, or the last one of the model inside it. */
function lastInside(layer: Layer, kind: LayerKind): Layer {
  const inside = wrapped(layer, kind);
  return isModel(inside) ? inside.outputs[0]!.sourceLayer : inside;
}

function layerBefore(layer: Layer): Layer | undefined {
  const { inboundNodes } = layer as { inboundNodes?: { inboundLayers: readonly Layer[] }[] };
  return inboundNodes?.[0]?.inboundLayers[0];
}

/** The entry of the table, and whether a class below it has a `call` of its own. */
function ownKindOf(layer: Layer): { kind: LayerKind; overridden: boolean } | undefined {
  let overridden = false;
  for (let type = Object.getPrototypeOf(layer); type !== null; type = Object.getPrototypeOf(type)) {
    const owner = type.constructor as { className?: string };
    const className = Object.hasOwn(owner, "className") ? owner.className : undefined;
    if (className !== undefined && Object.hasOwn(LAYER_KINDS, className)) {
      return { kind: LAYER_KINDS[className]!, overridden };
    }
    overridden ||= Object.hasOwn(type, "call");
  }
  return undefined;
}
