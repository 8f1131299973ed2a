import { type HeatMap, resolveHeatMap } from "../heat-map-spec.js";
import { finite, scaleOf, type VegaLiteSpec, vegaLite } from "./vega-lite.js";

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
  const { layers, epochs, values, samples, undersampled, valueLabel, theme, width, height } = figure;
  const scale = scaleOf(values.flat(), figure.valueScale);
  const rows = layers.flatMap((layer, i) =>
    epochs.map((epoch, j) => ({
      layer,
      epoch,
      value: finite(values[i]![j]!),
      samples: samples?.[i]?.[j] ?? null,
      undersampled: undersampled?.[i]?.[j] ?? false,
    })),
  );
  const shown = "type" in scale ? "datum.value > 0" : "datum.value !== null";
  const tooltip = ["layer", "epoch", "value", "samples", "undersampled"].map((field) => ({ field }));
  const color = { field: "value", type: "quantitative", title: valueLabel, scale };
  return vegaLite(figure, {
    width,
    height: layers.length > 12 ? { step: Math.max(14, height / layers.length) } : height,
    data: { values: rows },
    encoding: {
      x: { field: "epoch", type: "ordinal", title: "epoch", axis: { labelAngle: 0, labelOverlap: true } },
      y: { field: "layer", type: "nominal", sort: [...layers], title: null },
    },
    layer: [
      {
        transform: [{ filter: `!(${shown})` }],
        mark: { type: "text", text: "×", color: theme.axis, fontSize: figure.fontSize },
      },
      { transform: [{ filter: shown }], mark: { type: "rect" }, encoding: { color, tooltip } },
      {
        transform: [{ filter: `${shown} && datum.undersampled` }],
        mark: {
          type: "point",
          filled: true,
          color: theme.background,
          stroke: theme.ink,
          strokeWidth: 0.75,
          size: 20,
        },
      },
    ],
  });
}
