import type { LayerProfile } from "../../src/plot.js";

/** Names as real networks have them, with `_`, `/`, `.` and digits. */
export function layerNames(count: number): string[] {
  const forms = [
    (i: number) => `features_${i}/conv`,
    (i: number) => `layer${Math.floor(i / 8)}.${i % 8}.conv_${1 + (i % 2)}`,
    (i: number) => `block_${i}/dense`,
  ];
  return Array.from({ length: count }, (_, i) => forms[i % forms.length]!(i));
}

/** A saturation that falls and swings from layer to layer, in [0.02, 0.98]. */
export function swinging(count: number, shift = 0): number[] {
  return Array.from({ length: count }, (_, i) => {
    const value = 0.55 + shift - 0.4 * (i / count) + 0.22 * Math.sin(1.7 * i) + 0.1 * Math.sin(0.31 * i);
    return Math.min(0.98, Math.max(0.02, value));
  });
}

/** A saturation profile of `count` layers. */
export function saturationProfile(count: number): LayerProfile {
  return {
    title: `network of ${count} · saturation · train · epoch 3`,
    subtitle: "share of feature directions that carry 99 % of the variance",
    valueLabel: "saturation",
    valueScale: "share",
    layers: layerNames(count),
    series: [{ name: "train", epoch: 3, values: swinging(count), samples: new Array(count).fill(1437) }],
  };
}

/** Train and eval with earlier epochs behind, gaps and undersampled layers. */
export function comparedProfile(count: number): LayerProfile {
  const undersampled = Array.from({ length: count }, (_, i) => i >= 0.75 * count);
  const earlier = [0, 1, 2].map((epoch) => ({
    name: "train",
    epoch,
    values: swinging(count, 0.05 * (epoch - 4)),
  }));
  const gaps = swinging(count, -0.06).map((value, i) => (i % 9 === 4 ? null : value));
  return {
    ...saturationProfile(count),
    series: [
      ...earlier,
      { name: "train", epoch: 3, values: swinging(count), undersampled },
      { name: "eval", epoch: 3, values: gaps, undersampled },
    ],
  };
}
