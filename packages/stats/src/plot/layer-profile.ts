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
import { element, svgDocument, textElement } from "./svg.js";
import type { Theme } from "./theme.js";
import { type LabelledPoint, type PlacedLabel, placeValueLabels } from "./value-labels.js";

const FRONT_WIDTH = 1.75;
const BACK_WIDTH = 1.25;
/** Size of faded markers over that of full ones. */
const BACK_MARKER = 0.8;

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
  const front = lines.filter(({ isFront }) => isFront);
  const back = lines.filter(({ isFront }) => !isFront);
  const values = placeValues(figure, layout, front, back);
  return svgDocument({
    width: layout.width,
    height: layout.height,
    title: spokenTitle(figure),
    background: figure.theme.background,
    content: [
      ...drawHeader(layout.header, PADDING, figure.theme),
      ...drawAxes(layout, figure.fontSize, figure.theme),
      ...back.flatMap((line) => drawFaded(figure, layout, line)),
      ...values.map((value) => drawGround(value, figure.theme)),
      ...front.map(({ series, stroke }) =>
        drawLine(placesOf(layout, series), { stroke, width: FRONT_WIDTH }),
      ),
      ...front.flatMap((line) => drawMarkers(figure, layout, line)),
      ...values.map((value) => drawValue(value, figure)),
    ],
  });
}

function placesOf({ plot, axis, xs }: ProfileLayout, { values }: ProfileSeries): (Place | null)[] {
  return values.map((value, i) => {
    const y = heightOf(axis, plot, value);
    return y === null ? null : { x: xs[i]!, y };
  });
}

/** Places with a gap on either side: no line reaches them. */
function lonely(places: readonly (Place | null)[]): Place[] {
  return places.filter((place, i) => place && !places[i - 1] && !places[i + 1]) as Place[];
}

function drawFaded(figure: ResolvedProfile, layout: ProfileLayout, line: ProfileLine): string[] {
  const { series, stroke, opacity } = line;
  const places = placesOf(layout, series);
  const look = { radius: BACK_MARKER * layout.markerRadius, stroke, open: false, opacity };
  const { background } = figure.theme;
  return [
    drawLine(places, { stroke, width: BACK_WIDTH, opacity }),
    ...lonely(places).map((place) => drawMarker({ ...place, ...look, background })),
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

/** The values of the lines in front, where there is room for them. */
function placeValues(
  { fontSize, theme }: ResolvedProfile,
  layout: ProfileLayout,
  front: readonly ProfileLine[],
  back: readonly ProfileLine[],
): PlacedLabel[] {
  const { plot, axis, markerRadius, labels } = layout;
  const points = front.map(({ series, stroke }) =>
    placesOf(layout, series).map((place, i): LabelledPoint | null => {
      // With several lines, its colour says which one a value belongs to.
      const fill = front.length > 1 ? stroke.color : theme.muted;
      return place && { ...place, text: axis.format(series.values[i]!), fill };
    }),
  );
  const area = { ...plot, top: plot.top - VALUES_ABOVE * fontSize, bottom: plot.bottom - 2 };
  const avoided = back.flatMap(({ series }) => lonely(placesOf(layout, series)));
  const space = { ...area, fontSize: fontSize * SMALLER, markerRadius, slot: labels.slot, avoided };
  return placeValueLabels(points, space);
}

/** The page behind a value, so that grid and faded lines do not run through its digits. */
function drawGround({ box: { left, right, top, bottom } }: PlacedLabel, { background }: Theme): string {
  return element("rect", { x: left, y: top, width: right - left, height: bottom - top, fill: background });
}

function drawValue({ text, x, y, fill }: PlacedLabel, { fontSize }: ResolvedProfile): string {
  const style = { "text-anchor": "middle", "font-size": fontSize * SMALLER, fill };
  return textElement(text, { x, y, ...style });
}
