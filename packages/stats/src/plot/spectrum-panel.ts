import { grouped } from "./format.js";
import { drawLine, drawMarker, type Place } from "./marks.js";
import { type Area, TICK_GAP } from "./page.js";
import { drawLack, type Panel } from "./panels.js";
import type { DrawableSpectrum, ResolvedLayer } from "./spectrum-spec.js";
import { element, textElement } from "./svg.js";
import { measureText } from "./text.js";
import { strokeOf, type Theme } from "./theme.js";
import type { ValueAxis } from "./value-axis.js";

/** What all panels of a figure share. */
export interface SpectrumScales {
  /** Eigenvalues over the largest of their layer, on a log axis. */
  readonly axis: ValueAxis;
  readonly threshold: number;
  /** Size of ticks in pixels. */
  readonly tickSize: number;
  readonly theme: Theme;
}

/** The two halves of a panel, and the space between them, as shares of its height. */
const UPPER = 0.56;
const LOWER = 0.32;
/** Eigenvalues this far apart, in pixels, get a marker each. */
const ROOMY = 6;
const RADIUS = 2.2;

/** One layer: eigenvalues on a log axis above, the share that they carry together below, the rank along x. */
export function drawSpectrumPanel(panel: Panel, layer: ResolvedLayer, scales: SpectrumScales): string[] {
  const [upper, lower] = halves(panel.area);
  const ticks = panel.isFirstInRow ? drawTicks(upper, lower, scales) : [];
  if (layer.spectrum === null)
    return [...ticks, ...drawLack(panel, layer.lack, scales.tickSize, scales.theme)];
  return [
    ...drawIdim(panel.area, layer.spectrum, scales),
    ...drawGrid(
      upper,
      scales.axis.ticks.map(({ value }) => scales.axis.place(value)!),
      scales.theme,
    ),
    ...drawGrid(lower, [0, 1], scales.theme),
    ...ticks,
    ...drawEigenvalues(upper, layer, layer.spectrum, scales),
    ...drawShares(lower, layer.spectrum, scales),
    ...drawRanks(lower, layer.spectrum, scales),
  ];
}

function halves(area: Area): [Area, Area] {
  const height = area.bottom - area.top;
  return [
    { ...area, bottom: area.top + UPPER * height },
    { ...area, top: area.bottom - LOWER * height },
  ];
}

const across = ({ left, right }: Area, place: number): number => left + place * (right - left);
const up = ({ top, bottom }: Area, place: number): number => bottom - place * (bottom - top);

function drawGrid(area: Area, places: readonly number[], theme: Theme): string[] {
  return places.map((place) => {
    const y = up(area, place);
    const stroke = place === 0 ? theme.axis : theme.grid;
    return element("line", { x1: area.left, x2: area.right, y1: y, y2: y, stroke });
  });
}

function drawTicks(upper: Area, lower: Area, { axis, tickSize, theme }: SpectrumScales): string[] {
  const tick = (area: Area, place: number, label: string): string =>
    textElement(label, {
      x: area.left - TICK_GAP,
      y: up(area, place) + 0.36 * tickSize,
      "text-anchor": "end",
      "font-size": tickSize,
      fill: theme.muted,
    });
  return [
    ...axis.ticks.map(({ value, label }) => tick(upper, axis.place(value)!, label)),
    tick(lower, 0, "0"),
    tick(lower, 1, "1"),
  ];
}

/** The directions that are needed, as the part of the panel that saturation is. */
function drawIdim(area: Area, { idim, ratios }: DrawableSpectrum, { theme }: SpectrumScales): string[] {
  const x = across(area, idim / ratios.length);
  const color = strokeOf(theme, 0).color;
  const box = { x: area.left, y: area.top, width: x - area.left, height: area.bottom - area.top };
  return [
    element("rect", { ...box, fill: color, "fill-opacity": 0.12 }),
    element("line", { x1: x, x2: x, y1: area.top, y2: area.bottom, stroke: color, "stroke-width": 1 }),
  ];
}

function drawEigenvalues(
  area: Area,
  { layer }: ResolvedLayer,
  { ratios, largest }: DrawableSpectrum,
  { axis, theme }: SpectrumScales,
): string[] {
  const stroke = strokeOf(theme, 0);
  const { background } = theme;
  const ranks = visibleRanks(ratios.length, area);
  const places = ranks.map((k): Place | null => {
    const place = axis.place(ratios[k]!);
    if (place === null) return null;
    return { x: across(area, (k + 0.5) / ratios.length), y: up(area, place) };
  });
  const isRoomy = (area.right - area.left) / ratios.length >= ROOMY;
  const markers = places.flatMap((place, i) => {
    if (place === null || !isRoomy) return [];
    const tooltip = `${layer}: eigenvalue ${i + 1} = ${axis.format(ratios[i]! * largest)}`;
    return [drawMarker({ ...place, radius: RADIUS, stroke, open: false, background, tooltip })];
  });
  return [drawLine(places, { stroke, width: 1.5 }), ...markers];
}

function drawShares(
  area: Area,
  { shares, idim }: DrawableSpectrum,
  { theme, threshold }: SpectrumScales,
): string[] {
  const stroke = { ...strokeOf(theme, 1), dash: undefined };
  const { background } = theme;
  // The share of k directions stands at the right edge of the k-th: 0 at the left end, all at the right.
  const at = (k: number): Place => ({
    x: across(area, (k + 1) / shares.length),
    y: up(area, shares[k]!),
  });
  const places = [{ x: area.left, y: area.bottom }, ...visibleRanks(shares.length, area).map(at)];
  const y = up(area, threshold);
  const mark = { ...at(idim - 1), radius: 3.2, stroke, open: false, background };
  const tooltip = `${grouped(idim)} of ${grouped(shares.length)} directions carry ${shares[idim - 1]!.toFixed(4)}`;
  return [
    element("line", {
      x1: area.left,
      x2: area.right,
      y1: y,
      y2: y,
      stroke: theme.muted,
      "stroke-dasharray": "4 3",
    }),
    drawLine(places, { stroke, width: 1.5 }),
    drawMarker({ ...mark, tooltip }),
  ];
}

/** The first and the last rank below their eigenvalues, or at the ends of the axis where these are close. */
function drawRanks(area: Area, { ratios }: DrawableSpectrum, { tickSize, theme }: SpectrumScales): string[] {
  const style = { y: area.bottom + TICK_GAP + 0.9 * tickSize, "font-size": tickSize, fill: theme.muted };
  return [...new Set([1, ratios.length])].map((rank) => {
    const label = grouped(rank);
    const half = measureText(label, tickSize) / 2;
    const x = across(area, (rank - 0.5) / ratios.length);
    const middle = Math.min(Math.max(x, area.left + half), area.right - half);
    return textElement(label, { x: middle, "text-anchor": "middle", ...style });
  });
}

/** All ranks, or two a pixel where they are more. */
function visibleRanks(count: number, { left, right }: Area): number[] {
  const most = Math.max(2, Math.round(2 * (right - left)));
  if (count <= most) return Array.from({ length: count }, (_, k) => k);
  return Array.from({ length: most }, (_, i) => Math.round((i * (count - 1)) / (most - 1)));
}
