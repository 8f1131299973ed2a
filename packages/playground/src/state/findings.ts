import type { LayerFigures } from "./figures.js";

const LOW = 0.5;
/** A tail is worth a sentence from so many layers on. */
const SHORTEST_TAIL = 2;

/** Of what lies between guessing and no mistake, the share from which on a network has learnt something. */
const LEARNT = 0.1;

/** What is known of a network after an epoch. */
export interface Known {
  /** In order of the forward pass, the classifier last. */
  readonly layers: readonly LayerFigures[];
  readonly threshold: number;
  /** Numbers that the first layer works on. */
  readonly inputs: number;
  readonly classes: number;
  readonly epoch: number;
  /** On the held-out samples. */
  readonly accuracy: number;
}

/**
 * What the held-out saturations say, in a few sentences: the layer with most to spare, the one with least, a tail. Of a
 * network that has learnt nothing, only what holds for any weights.
 */
export function findings(known: Known): string[] {
  const { layers, threshold, inputs } = known;
  const hidden = layers.slice(0, -1);
  // Before its activation, a layer moves along no more axes than it has inputs: that is no finding about the data.
  const isBound = hidden[0] !== undefined && hidden[0].features > inputs;
  const free = isBound ? hidden.slice(1) : hidden;
  const limit = isBound ? bound(hidden[0]!, inputs) : null;
  const nothing = learntNothing(known);
  if (nothing !== null) return [nothing, limit].filter((sentence) => sentence !== null);
  return [limit, least(free, threshold), fullest(free), tail(free)].filter((sentence) => sentence !== null);
}

function learntNothing({ classes, epoch, accuracy }: Known): string | null {
  if (epoch === 0) return "Nothing has been learnt yet: this is what random weights make of the data.";
  if (accuracy > 1 / classes + LEARNT * (1 - 1 / classes)) return null;
  return "The network does no better than guessing: its saturations say nothing about what the task needs.";
}

function bound({ layer, features }: LayerFigures, inputs: number): string {
  return `${layer} cannot use more than ${inputs} of its ${features} axes: it has ${inputs} inputs, and its values are taken before the activation.`;
}

function least(layers: readonly LayerFigures[], threshold: number): string | null {
  if (layers.length === 0) return null;
  const {
    layer,
    features,
    eval: { dimensions, saturation },
  } = extreme(layers, (a, b) => a < b);
  const advice = saturation < LOW ? " It could be narrower." : "";
  return `${layer} carries ${percent(threshold)} of its variance along ${dimensions} of ${features} axes.${advice}`;
}

function fullest(layers: readonly LayerFigures[]): string | null {
  if (layers.length === 0) return null;
  const {
    layer,
    features,
    eval: { dimensions, saturation },
  } = extreme(layers, (a, b) => a > b);
  if (saturation < 0.9) return null;
  return `${layer} uses ${dimensions === features ? "all" : dimensions} of its ${features} axes: it may be a bottleneck.`;
}

/** The layers at the end that all stay below half of the highest saturation. */
function tail(layers: readonly LayerFigures[]): string | null {
  if (layers.length === 0) return null;
  const half = Math.max(...layers.map((figures) => figures.eval.saturation)) / 2;
  const start = layers.findLastIndex((figures) => figures.eval.saturation >= half) + 1;
  const names = layers.slice(start).map(({ layer }) => layer);
  if (names.length < SHORTEST_TAIL) return null;
  return `${names[0]} to ${names.at(-1)} stay below half of the highest: a tail, of layers that add little.`;
}

function extreme(layers: readonly LayerFigures[], isBetter: (a: number, b: number) => boolean): LayerFigures {
  return layers.reduce((best, one) => (isBetter(one.eval.saturation, best.eval.saturation) ? one : best));
}

/** A share as a percentage with as many digits as it needs. */
export function percent(share: number, digits = 4): string {
  return `${Number((100 * share).toPrecision(digits))} %`;
}
