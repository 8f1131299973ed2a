import type { HeatMap, SpectrumPlot } from "../../src/plot.js";
import { layerNames, swinging } from "./profiles.js";

/** Saturations of `count` layers over `epochs` saves that settle, with a gap and undersampled layers. */
export function settlingMap(count: number, epochs: number): HeatMap {
  const last = swinging(count);
  const columns = Array.from({ length: epochs }, (_, epoch) => epoch);
  const value = (end: number, layer: number, epoch: number): number | null => {
    if (layer % 9 === 4 && epoch < 0.2 * epochs && epochs > 1) return null;
    const way = 1 - Math.exp((-4 * (epoch + 1)) / epochs);
    return Math.min(1, 0.9 + way * (end - 0.9) + 0.03 * Math.sin(7 * layer + 3 * epoch));
  };
  return {
    title: `network of ${count} · saturation · eval`,
    subtitle: "share of feature directions that carry 99 % of the variance",
    valueLabel: "saturation",
    valueScale: "share",
    layers: layerNames(count),
    epochs: columns,
    values: last.map((end, layer) => columns.map((epoch) => value(end, layer, epoch))),
    samples: last.map(() => columns.map(() => 1437)),
    undersampled: last.map((_, layer) => columns.map(() => layer >= 0.75 * count)),
  };
}

/** Eigenvalues that fall like a power and then into noise, of layers that grow wider. */
export function fallingSpectra(count: number): SpectrumPlot {
  const widths = [16, 64, 256];
  const layers = layerNames(count).map((layer, i) => {
    const features = widths[i % widths.length]!;
    const steepness = 1 + (2.5 * i) / count;
    const eigenvalues = Array.from(
      { length: features },
      (_, k) => (3 + i) * (k + 1) ** -steepness * Math.exp(-k / (0.2 * features)) + 1e-6,
    );
    const missing = i % 9 === 4;
    return {
      layer,
      eigenvalues: missing ? null : eigenvalues,
      samples: 1437,
      undersampled: !missing && features > 143,
    };
  });
  return { title: `network of ${count} · spectrum · eval · epoch 3`, layers };
}
