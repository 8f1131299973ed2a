import { type HeatMap, type ResolvedHeatMap, resolveHeatMap } from "../heat-map-spec.js";
import { finite, type Json, scaleOf, type VegaLiteSpec, vegaLite } from "./vega-lite.js";

/**
 * A heat map as a Vega-Lite specification (version 6) with its data inside: what `heatMap` shows, in Vega's looks.
 *
 * @throws {ShapeError | RangeError} As `heatMap` does.
 * @example
 * const spec = heatMapVegaLite({
 *   title: "mlp · saturation · eval",
 *   valueLabel: "saturation",
 *   layers: ["hidden", "output"],
 *   epochs: [0, 1],
 *   values: [[0.62, 0.47], [0.9, null]],
 * });
 * JSON.stringify(spec).includes("0.62"); // true
 */
export function heatMapVegaLite(map: HeatMap): VegaLiteSpec {
  const figure = resolveHeatMap(map);
  const { layers, valueLabel, theme, width, height, fontSize } = figure;
  const scale = scaleOf(figure.values.flat(), figure.valueScale);
  const shown = "type" in scale ? "datum.value > 0" : "datum.value !== null";
  const color = { field: "value", type: "quantitative", title: valueLabel, scale };
  const tooltip = ["layer", "epoch", "value", "samples", "undersampled"].map((field) => ({ field }));
  const cross = { type: "text", text: "×", color: theme.axis, fontSize };
  const dot = { type: "point", filled: true, color: theme.background, stroke: theme.ink };
  return vegaLite(figure, {
    width,
    height: layers.length > 12 ? { step: Math.max(14, height / layers.length) } : height,
    data: { values: rowsOf(figure) },
    encoding: {
      x: { field: "epoch", type: "ordinal", title: "epoch", axis: { labelAngle: 0, labelOverlap: true } },
      y: { field: "layer", type: "nominal", sort: [...layers], title: null },
    },
    layer: [
      { transform: [{ filter: `!(${shown})` }], mark: cross },
      { transform: [{ filter: shown }], mark: { type: "rect" }, encoding: { color, tooltip } },
      {
        transform: [{ filter: `${shown} && datum.undersampled` }],
        mark: { ...dot, strokeWidth: 0.75, size: 20 },
      },
    ],
  });
}

/** A row for each layer and epoch. */
function rowsOf({ layers, epochs, values, samples, undersampled }: ResolvedHeatMap): Json[] {
  return layers.flatMap((layer, i) =>
    epochs.map((epoch, j) => ({
      layer,
      epoch,
      value: finite(values[i]![j]!),
      samples: samples?.[i]?.[j] ?? null,
      undersampled: undersampled?.[i]?.[j] ?? false,
    })),
  );
}
