import { ShapeError } from "@delve/kernel";
import { type FigureSpec, type ResolvedFigure, resolveFigure } from "./figure-spec.js";
import { type LayerPanel, type ResolvedPanel, resolvePanel, samplesOf } from "./panel-spec.js";
import { visibleText } from "./text.js";
import { drawable } from "./value-axis.js";

/** The class of a sample. */
export type Label = string | number;

/** Samples of one layer in the plane of their first two principal axes. */
export interface LayerEmbedding extends LayerPanel {
  /**
   * Row-major, a row of two coordinates a sample: what the statistic `embed` gives. Samples with a coordinate that is
   * not finite are left out, and counted; `null`, and the panel says that there is none.
   */
  readonly points: {
    readonly rows: number;
    readonly columns: number;
    readonly data: ArrayLike<number>;
  } | null;
  /** The class of each sample; equal ones share colour and marker. All alike when left out. */
  readonly labels?: readonly Label[] | undefined;
}

/** A figure with a panel a layer: its samples on their first two principal axes. Plain data. */
export interface EmbeddingScatter extends FigureSpec {
  /** In order of their forward pass. */
  readonly layers: readonly LayerEmbedding[];
}

/** A sample and the place of its class among all classes of the figure. */
export interface ScatterPoint {
  readonly x: number;
  readonly y: number;
  readonly group: number;
}

/** A layer of a figure that was checked. */
export interface ResolvedEmbedding extends ResolvedPanel {
  readonly points: readonly ScatterPoint[];
  /** Samples that have no place. */
  readonly lost: number;
}

/** A figure that was checked, with every default filled in and every text drawable. */
export interface ResolvedScatter extends ResolvedFigure {
  readonly layers: readonly ResolvedEmbedding[];
  /** Names of the classes; empty if there are none. */
  readonly groups: readonly string[];
}

/**
 * Checks a figure and fills in its defaults.
 *
 * @throws {ShapeError} If points have not two coordinates, or there is not one label a point.
 * @throws {RangeError} If there is no layer, or the style is not usable.
 */
export function resolveScatter(scatter: EmbeddingScatter): ResolvedScatter {
  const { layers } = scatter;
  if (layers.length === 0) throw new RangeError("embeddingScatter: needs at least one layer, got 0");
  for (const layer of layers) checkLayer(layer);
  const labels = sortedLabels(layers);
  const groups = new Map(labels.map((label, i) => [label, i]));
  return {
    layers: layers.map((layer) => resolveLayer(layer, groups)),
    groups: labels.map((label) => visibleText(String(label))),
    ...resolveFigure("embeddingScatter", scatter, samplesOf(layers)),
  };
}

function checkLayer({ layer, points, labels }: LayerEmbedding): void {
  if (points === null) return;
  const { rows, columns, data } = points;
  if (columns !== 2 || data.length !== 2 * rows) {
    throw new ShapeError(
      `embeddingScatter: points of layer "${layer}" must be rows of two coordinates, got ${rows} × ${columns} of ${data.length} numbers`,
    );
  }
  if (labels !== undefined && labels.length !== rows) {
    throw new ShapeError(
      `embeddingScatter: labels of layer "${layer}" must be one for each of ${rows} points, got ${labels.length}`,
    );
  }
}

/** Each label once: numbers by size, else in the order in which they first come. */
function sortedLabels(layers: readonly LayerEmbedding[]): Label[] {
  const labels = [...new Set(layers.flatMap(({ labels }) => labels ?? []))];
  return labels.every((label) => typeof label === "number") ? labels.sort((a, b) => a - b) : labels;
}

function resolveLayer(layer: LayerEmbedding, groups: ReadonlyMap<Label, number>): ResolvedEmbedding {
  const { points, labels } = layer;
  const { rows, data } = points ?? { rows: 0, data: [] };
  const placed: ScatterPoint[] = [];
  for (let r = 0; r < rows; r++) {
    const [x, y] = [drawable(data[2 * r]!), drawable(data[2 * r + 1]!)];
    if (x === null || y === null) continue;
    placed.push({ x, y, group: labels === undefined ? 0 : groups.get(labels[r]!)! });
  }
  return { ...resolvePanel(layer), points: placed, lost: rows - placed.length };
}
