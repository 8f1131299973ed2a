import type { EmbeddingScatter, HeatMap, LayerEmbedding, SpectrumPlot } from "../../src/plot.js";
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

/** Samples of ten classes that part from layer to layer. */
export function partingClasses(count: number, samples = 300): EmbeddingScatter {
  const layers = layerNames(count).map((layer, i): LayerEmbedding => {
    const classes = Array.from({ length: samples }, (_, r) => (7 * r) % 10);
    const distance = (3 * (i + 1)) / count;
    const data = classes.flatMap((label, r) => {
      const [x, y] = gaussians(1000 * i + r);
      const turn = (label / 10) * 2 * Math.PI;
      return [1.5 * x! + 1.6 * distance * Math.cos(turn), 0.8 * y! + distance * Math.sin(turn)];
    });
    if (i % 9 === 4) return { layer, points: null };
    const points = { rows: samples, columns: 2, data: Float64Array.from(data) };
    return { layer, points, labels: classes, samples: 1437, undersampled: i >= 0.75 * count };
  });
  return { title: `network of ${count} · embedding · eval · epoch 3`, layers };
}

/** Two independent numbers around 0, the same for the same seed (after Box and Muller). */
function gaussians(seed: number): number[] {
  const uniform = (k: number): number => {
    const wave = Math.sin(12.9898 * (seed + 1) + 78.233 * k) * 43758.5453;
    return wave - Math.floor(wave);
  };
  const radius = Math.sqrt(-2 * Math.log(1 - uniform(1)));
  return [radius * Math.cos(2 * Math.PI * uniform(2)), radius * Math.sin(2 * Math.PI * uniform(2))];
}
