import type { ResolvedFigure } from "../figure-spec.js";
import type { ResolvedStyle } from "../figure-style.js";
import { SMALL } from "../page.js";
import { rampOf } from "../ramp.js";
import { FONT_FAMILY, wrapText } from "../text.js";
import { isLog, type ValueScale } from "../value-axis.js";

/** What JSON can hold. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** A Vega-Lite specification with its data inside, as plain JSON. */
export interface VegaLiteSpec {
  readonly $schema: string;
  readonly [key: string]: Json;
}

const SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json";
/** How many colours of a ramp go into a specification. */
const RAMP_COLORS = 17;

/** A specification in the style of a figure, its title and subtitle above. */
export function vegaLite(figure: ResolvedFigure, body: { readonly [key: string]: Json }): VegaLiteSpec {
  const { title, subtitle, theme } = figure;
  return {
    $schema: SCHEMA,
    title: subtitle === "" ? { text: title } : { text: title, subtitle },
    background: theme.background,
    ...body,
    config: configOf(figure),
  };
}

function configOf({ theme, fontSize }: ResolvedStyle): Json {
  const small = fontSize * SMALL;
  return {
    font: FONT_FAMILY,
    title: {
      anchor: "start",
      color: theme.ink,
      fontSize: 1.5 * fontSize,
      fontWeight: "normal",
      subtitleColor: theme.muted,
      subtitleFontSize: fontSize,
      offset: fontSize,
    },
    axis: {
      domainColor: theme.axis,
      gridColor: theme.grid,
      labelColor: theme.ink,
      // Names are drawn whole.
      labelLimit: 0,
      labelFontSize: small,
      tickColor: theme.axis,
      titleColor: theme.muted,
      titleFontSize: small,
      titleFontWeight: "normal",
    },
    header: { labelColor: theme.ink, labelFontSize: small, labelLimit: 0, labelAnchor: "start" },
    legend: {
      labelColor: theme.ink,
      labelFontSize: small,
      labelLimit: 0,
      titleColor: theme.muted,
      titleFontSize: small,
      titleFontWeight: "normal",
    },
    range: { category: [...theme.palette], ramp: rampColors(theme), heatmap: rampColors(theme) },
    view: { stroke: null },
  };
}

function rampColors(theme: ResolvedStyle["theme"]): string[] {
  const ramp = rampOf(theme);
  return Array.from({ length: RAMP_COLORS }, (_, i) => ramp.at(i / (RAMP_COLORS - 1)));
}

/** How many panels stand in a row: about as many as rows, wider than high, and at least three. */
export function columnsOf(panels: number): number {
  return Math.min(panels, Math.max(3, Math.ceil(Math.sqrt(1.6 * panels)))) || 1;
}

const HEADING_SIZE = 12;

/** The heading of a panel `width` pixels wide: lines of text, broken where they are wider. */
export function headingOf(lines: readonly string[], width: number): Json {
  return {
    text: lines.flatMap((line) => wrapText(line, width, HEADING_SIZE)),
    fontSize: HEADING_SIZE,
    offset: 4,
  };
}

/** A number as JSON holds it: what is not finite is missing. */
export function finite(value: number | null): number | null {
  return value !== null && Number.isFinite(value) ? value : null;
}

/** The scale of an axis of values. */
export function scaleOf(values: readonly (number | null)[], scale: ValueScale): { [key: string]: Json } {
  const shown = values.map(finite).filter((value) => value !== null);
  if (isLog(shown, scale)) return { type: "log" };
  const most = shown.reduce((most, value) => Math.max(most, value), 0);
  return scale === "share" && most <= 1 ? { domain: [0, 1] } : { zero: true };
}
