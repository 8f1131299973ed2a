import { line, symbol } from "d3-shape";
import { element, escapeXml } from "./svg.js";
import type { Stroke } from "./theme.js";

/** A marker and, as a tooltip, what it stands for. */
export interface Marker {
  readonly x: number;
  readonly y: number;
  /** Half the marker's extent, roughly, in pixels. */
  readonly radius: number;
  readonly stroke: Stroke;
  /** Open markers are filled with the background. */
  readonly open: boolean;
  readonly background: string;
  /** Of its fill; 1 by default. */
  readonly opacity?: number | undefined;
  readonly tooltip?: string | undefined;
}

/** A marker as an element. */
export function drawMarker({ x, y, radius, stroke, open, background, opacity, tooltip }: Marker): string {
  const attributes = {
    d: symbol(stroke.marker, Math.PI * radius * radius).digits(2)() ?? "",
    transform: `translate(${x.toFixed(2)} ${y.toFixed(2)})`,
    fill: open ? background : stroke.color,
    "fill-opacity": opacity,
    // The filled marker gets a rim too, so that it is as large as an open one and stands off its line.
    stroke: open ? stroke.color : background,
    "stroke-width": open ? Math.min(1.75, radius / 2) : Math.min(1, radius / 4),
  };
  return element(
    "path",
    attributes,
    ...(tooltip === undefined ? [] : [element("title", {}, escapeXml(tooltip))]),
  );
}

/** Place of a value; `null` leaves a gap. */
export interface Place {
  readonly x: number;
  readonly y: number;
}

/** How a line through places is drawn. */
export interface LineStyle {
  readonly stroke: Stroke;
  readonly width: number;
  readonly opacity?: number | undefined;
}

/** A line through places, interrupted at gaps, as an element. */
export function drawLine(places: readonly (Place | null)[], { stroke, width, opacity }: LineStyle): string {
  const path = line<Place | null>()
    .defined((place) => place !== null)
    .x((place) => place!.x)
    .y((place) => place!.y)
    .digits(2);
  return element("path", {
    d: path(places) ?? "",
    fill: "none",
    stroke: stroke.color,
    "stroke-width": width,
    "stroke-dasharray": stroke.dash,
    "stroke-linejoin": "round",
    // A place between two gaps is a path without length; a round cap makes it a dot.
    "stroke-linecap": "round",
    // Not `opacity`: that makes rasterisers draw on a sheet of its own, the size of the figure.
    "stroke-opacity": opacity,
  });
}
