import { viewOf } from "../scatter-panel.js";
import {
  type EmbeddingScatter,
  type ResolvedEmbedding,
  type ResolvedScatter,
  resolveScatter,
} from "../scatter-spec.js";
import { columnsOf, headingOf, type Json, type VegaLiteSpec, vegaLite } from "./vega-lite.js";

const SIDE = 180;

/**
 * Embeddings as a Vega-Lite specification (version 6) with their data inside: what `embeddingScatter` shows, in Vega's
 * looks. Layers without samples have no panel.
 *
 * @throws {ShapeError | RangeError} As `embeddingScatter` does.
 * @example
 * const points = { rows: 2, columns: 2, data: Float64Array.of(-1, 0.25, 1, -0.25) };
 * const spec = embeddingScatterVegaLite({ title: "mlp · embedding", layers: [{ layer: "hidden", points }] });
 * JSON.stringify(spec).includes("0.25"); // true
 */
export function embeddingScatterVegaLite(scatter: EmbeddingScatter): VegaLiteSpec {
  const figure = resolveScatter(scatter);
  const shown = figure.layers.filter(({ points }) => points.length > 0);
  return vegaLite(figure, {
    columns: columnsOf(shown.length),
    concat: shown.map((layer) => panelOf(layer, figure)),
  });
}

/** A panel of its own, not a facet: the ends of its axes keep the same unit on both. */
function panelOf(
  { layer, points, undersampled }: ResolvedEmbedding,
  { groups, theme }: ResolvedScatter,
): Json {
  const view = viewOf(points);
  const axis = (field: string, title: string, domain: readonly [number, number]): Json => ({
    field,
    type: "quantitative",
    title,
    scale: { domain: [...domain], nice: false, zero: false },
    axis: { tickCount: 4 },
  });
  const label = { field: "label", type: "nominal", scale: { domain: [...groups] }, title: "class" };
  return {
    title: headingOf(undersampled ? [layer, "undersampled"] : [layer], SIDE),
    width: SIDE,
    height: SIDE,
    data: { values: points.map(({ x, y, group }) => ({ layer, x, y, label: groups[group] ?? null })) },
    mark: { type: "point", filled: true, opacity: 0.7, size: 18, color: theme.palette[0]!, tooltip: true },
    encoding: {
      x: axis("x", "first principal axis", view.x),
      y: axis("y", "second", view.y),
      ...(groups.length > 0 ? { color: label, shape: label } : {}),
    },
  };
}
