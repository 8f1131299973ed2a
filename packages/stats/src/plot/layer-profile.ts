import { drawAxes, heightOf } from "./axes.js";
import { spokenTitle } from "./figure-spec.js";
import { grouped } from "./format.js";
import { drawHeader } from "./header.js";
import { drawLine, drawMarker, type Place } from "./marks.js";
import { PADDING, SMALLER } from "./page.js";
import { layOutProfile, type ProfileLayout, VALUES_ABOVE } from "./profile-layout.js";
import { linesOf, type ProfileLine } from "./profile-lines.js";
import {
  type LayerProfile,
  type ProfileSeries,
  type ResolvedProfile,
  resolveProfile,
} from "./profile-spec.js";
import { svgDocument, textElement } from "./svg.js";
import { type LabelledPoint, placeValueLabels } from "./value-labels.js";

const FRONT_WIDTH = 1.75;
const BACK_WIDTH = 1.25;

/**
 * A layer profile as an SVG document: layers along x, one statistic along y, the central figure of the papers on
 * layer saturation.
 *
 * The text is a function of `profile` alone, the same on every engine. Names are drawn whole: the figure grows past
 * `figsize` where they need it. Values stand beside their points as far as there is room; every point also has its
 * layer, value and n as a tooltip.
 *
 * @throws {ShapeError} If a series has not one value a layer.
 * @throws {RangeError} If there is no layer or series, or the style is not usable.
 * @example
 * const svg = layerProfile({
 *   title: "mlp · saturation · epoch 3",
 *   valueLabel: "saturation",
 *   valueScale: "share",
 *   layers: ["hidden", "output"],
 *   series: [{ name: "train", values: [0.41, 0.87] }],
 * });
 * svg.startsWith("<svg"); // true
 */
export function layerProfile(profile: LayerProfile): string {
  const figure = resolveProfile(profile);
  const lines = linesOf(figure);
  const layout = layOutProfile(figure, lines);
  return svgDocument({
    width: layout.width,
    height: layout.height,
    title: spokenTitle(figure),
    background: figure.theme.background,
    content: [
      ...drawHeader(layout.header, PADDING, figure.theme),
      ...drawAxes(layout, figure.fontSize, figure.theme),
      ...drawLines(figure, layout, lines),
      ...drawValues(figure, layout, lines),
    ],
  });
}

function placesOf({ plot, axis, xs }: ProfileLayout, { values }: ProfileSeries): (Place | null)[] {
  return values.map((value, i) => {
    const y = heightOf(axis, plot, value);
    return y === null ? null : { x: xs[i]!, y };
  });
}

function drawLines(figure: ResolvedProfile, layout: ProfileLayout, lines: readonly ProfileLine[]): string[] {
  const front = lines.filter(({ isFront }) => isFront);
  const back = lines.filter(({ isFront }) => !isFront);
  return [
    ...back.map(({ series, stroke, opacity }) =>
      drawLine(placesOf(layout, series), { stroke, width: BACK_WIDTH, opacity }),
    ),
    ...front.map(({ series, stroke }) => drawLine(placesOf(layout, series), { stroke, width: FRONT_WIDTH })),
    ...front.flatMap((line) => drawMarkers(figure, layout, line)),
  ];
}

function drawMarkers(figure: ResolvedProfile, layout: ProfileLayout, line: ProfileLine): string[] {
  const { series, stroke } = line;
  return placesOf(layout, series).flatMap((place, i) => {
    if (place === null) return [];
    const open = series.undersampled?.[i] ?? false;
    const samples = series.samples?.[i];
    const facts = [
      series.name,
      ...(samples === undefined ? [] : [`n = ${grouped(samples)}`]),
      ...(open ? ["undersampled"] : []),
    ];
    const tooltip = `${figure.layers[i]}: ${layout.axis.format(series.values[i]!)} (${facts.join(", ")})`;
    const { background } = figure.theme;
    return [drawMarker({ ...place, radius: layout.markerRadius, stroke, open, background, tooltip })];
  });
}

function drawValues(figure: ResolvedProfile, layout: ProfileLayout, lines: readonly ProfileLine[]): string[] {
  const { fontSize, theme } = figure;
  const { plot, axis, markerRadius, labels } = layout;
  const front = lines.filter(({ isFront }) => isFront);
  const points = front.map(({ series, stroke }) =>
    placesOf(layout, series).map((place, i): LabelledPoint | null => {
      // With several lines, its colour says which one a value belongs to.
      const fill = front.length > 1 ? stroke.color : theme.muted;
      return place && { ...place, text: axis.format(series.values[i]!), fill };
    }),
  );
  const area = { ...plot, top: plot.top - VALUES_ABOVE * fontSize, bottom: plot.bottom - 2 };
  const size = fontSize * SMALLER;
  const placed = placeValueLabels(points, { ...area, fontSize: size, markerRadius, slot: labels.slot });
  return placed.map(({ text, ...at }) =>
    textElement(text, {
      ...at,
      "text-anchor": "middle",
      "font-size": size,
      // A rim in the colour of the page keeps grid and faded lines out of the figures.
      stroke: theme.background,
      "stroke-width": 3,
      "stroke-linejoin": "round",
      "paint-order": "stroke",
    }),
  );
}
