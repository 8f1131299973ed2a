import { linesOf } from "../profile-lines.js";
import { type LayerProfile, type ResolvedProfile, resolveProfile } from "../profile-spec.js";
import { finite, type Json, scaleOf, type VegaLiteSpec, vegaLite } from "./vega-lite.js";

/**
 * A layer profile as a Vega-Lite specification (version 6) with its data inside, for everybody who wants to restyle it
 * or put it on a page that has Vega: what `layerProfile` shows, in Vega's looks.
 *
 * @throws {ShapeError | RangeError} As `layerProfile` does.
 * @example
 * const spec = layerProfileVegaLite({
 *   title: "mlp · saturation · epoch 3",
 *   valueLabel: "saturation",
 *   layers: ["hidden", "output"],
 *   series: [{ name: "train", values: [0.41, 0.87] }],
 * });
 * JSON.stringify(spec).includes("0.41"); // true
 */
export function layerProfileVegaLite(profile: LayerProfile): VegaLiteSpec {
  const figure = resolveProfile(profile);
  const { layers, series, caption, valueLabel, valueScale, width, height, theme } = figure;
  const scale = scaleOf(
    series.flatMap(({ values }) => values),
    valueScale,
  );
  const names = [...new Set(series.map(({ name }) => name))];
  const color = { field: "series", type: "nominal", scale: { domain: names }, title: "phase" };
  return vegaLite(figure, {
    width: layers.length > 12 ? { step: Math.max(14, width / layers.length) } : width,
    height,
    data: { values: rowsOf(figure) },
    ...("type" in scale ? { transform: [{ filter: "datum.value === null || datum.value > 0" }] } : {}),
    encoding: {
      x: {
        field: "layer",
        type: "nominal",
        sort: null,
        title: caption,
        axis: { labelAngle: -45, grid: false },
      },
      y: { field: "value", type: "quantitative", title: valueLabel, scale },
      color,
    },
    layer: [
      {
        mark: { type: "line", invalid: "break-paths-filter-domains" },
        encoding: {
          detail: { field: "line" },
          opacity: { field: "opacity", type: "quantitative", scale: null },
          strokeDash: color,
        },
      },
      pointsOf("!datum.undersampled", { filled: true }, color),
      pointsOf("datum.undersampled", { filled: false, fill: theme.background, strokeWidth: 1.5 }, color),
    ],
  });
}

/** The markers of the lines in front: full or open ones. */
function pointsOf(which: string, look: { readonly [key: string]: Json }, color: Json): Json {
  const facts = ["layer", "series", "epoch", "value", "samples", "undersampled"];
  return {
    transform: [{ filter: `datum.opacity === 1 && ${which}` }],
    mark: { type: "point", opacity: 1, size: 50, tooltip: true, ...look },
    encoding: { shape: color, tooltip: facts.map((field) => ({ field })) },
  };
}

function rowsOf(figure: ResolvedProfile): Json[] {
  return linesOf(figure).flatMap(({ series, opacity }, line) =>
    figure.layers.map((layer, i) => ({
      layer,
      series: series.name,
      epoch: series.epoch ?? null,
      value: finite(series.values[i]!),
      samples: series.samples?.[i] ?? null,
      undersampled: series.undersampled?.[i] ?? false,
      line,
      opacity,
    })),
  );
}
