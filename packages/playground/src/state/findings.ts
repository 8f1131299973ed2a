import type { LayerFigures } from "./figures.js";

const LOW = 0.5;
/** A tail is worth a sentence from so many layers on. */
const SHORTEST_TAIL = 2;

/**
 * What the held-out saturations say, in a few sentences: the layer with most to spare, the one with least, a tail.
 *
 * @param layers - In order of the forward pass, the classifier last.
 */
export function findings(layers: readonly LayerFigures[], threshold: number): string[] {
  const hidden = layers.slice(0, -1);
  if (hidden.length === 0) return [];
  return [least(hidden, threshold), fullest(hidden), tail(hidden)].filter((sentence) => sentence !== null);
}

function least(layers: readonly LayerFigures[], threshold: number): string {
  const {
    layer,
    features,
    eval: { dimensions, saturation },
  } = extreme(layers, (a, b) => a < b);
  const advice = saturation < LOW ? " It could be narrower." : "";
  return `${layer} carries ${percent(threshold)} of its variance along ${dimensions} of ${features} axes.${advice}`;
}

function fullest(layers: readonly LayerFigures[]): string | null {
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
