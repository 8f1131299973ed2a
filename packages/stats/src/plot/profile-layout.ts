import { scalePoint } from "d3-scale";
import { type Header, layOutHeader } from "./header.js";
import { type LayerLabels, layOutLayerLabels } from "./layer-labels.js";
import { type Area, nameScale, PADDING, SMALL, TICK, TICK_GAP } from "./page.js";
import { legendOf, type ProfileLine } from "./profile-lines.js";
import type { ResolvedProfile } from "./profile-spec.js";
import { LINE_HEIGHT, measureText, wrapText } from "./text.js";
import { type ValueAxis, valueAxis } from "./value-axis.js";

/** Where everything of a layer profile goes. All lengths in pixels. */
export interface ProfileLayout {
  readonly width: number;
  readonly height: number;
  readonly header: Header;
  readonly plot: Area;
  readonly axis: ValueAxis;
  readonly valueLabel: {
    readonly lines: readonly string[];
    readonly left: number;
    readonly top: number;
  };
  readonly labels: LayerLabels;
  /** The line below the layer names. */
  readonly caption: string;
  readonly captionTop: number;
  /** Centre of each layer. */
  readonly xs: readonly number[];
  readonly markerRadius: number;
}

/** Space above the plot where values of its highest points go, in font sizes. */
export const VALUES_ABOVE = 1.4;

/** Least height of the plot itself, over the figure's height or width as asked for or needed. */
const LEAST_PLOT_HEIGHT = 0.45;
const LEAST_PLOT_ASPECT = 0.15;
/** The same over the font size: what ticks need. */
const LEAST_PLOT_LINES = 9;

/** Finds room for everything; the figure grows past the size asked for rather than cut anything off. */
export function layOutProfile(figure: ResolvedProfile, lines: readonly ProfileLine[]): ProfileLayout {
  const { fontSize } = figure;
  const axis = valueAxis(
    figure.series.flatMap(({ values }) => values),
    figure.valueScale,
  );
  const { labels, left, right, width, tickRoom } = layOutColumns(figure, axis);
  const header = layOutHeader(figure, legendOf(figure, lines), width - 2 * PADDING, PADDING);
  const valueLabel = {
    lines: wrapText(figure.valueLabel, width - PADDING - (left - tickRoom), fontSize * SMALL),
    left: left - tickRoom,
    top: header.bottom + fontSize,
  };
  const { top, bottom, ...rows } = layOutRows(figure, valueLabel, labels.depth, right - left);
  return {
    ...rows,
    width,
    header,
    plot: { left, right, top, bottom },
    axis,
    valueLabel,
    labels,
    caption: figure.caption,
    xs: centres(figure.layers.length, left, right),
    markerRadius: Math.min(0.33 * fontSize, Math.max(0.18 * fontSize, 0.3 * labels.slot)),
  };
}

/** Everything below the header: the plot `plotWidth` wide, and names `depth` high below it. */
function layOutRows(
  { fontSize, height: asked }: ResolvedProfile,
  valueLabel: ProfileLayout["valueLabel"],
  depth: number,
  plotWidth: number,
) {
  const small = fontSize * SMALL;
  const top = valueLabel.top + valueLabel.lines.length * small * LINE_HEIGHT + VALUES_ABOVE * fontSize;
  const captionGap = TICK + TICK_GAP + depth + 0.8 * small;
  const below = captionGap + small * LINE_HEIGHT + PADDING;
  const least = Math.max(
    LEAST_PLOT_HEIGHT * asked,
    LEAST_PLOT_ASPECT * plotWidth,
    LEAST_PLOT_LINES * fontSize,
  );
  const height = Math.max(asked, top + least + below);
  const bottom = height - below;
  return { top, bottom, height, captionTop: bottom + captionGap };
}

/** Everything from left to right: tick labels, and a slot for each layer that holds its name. */
function layOutColumns({ layers, caption, fontSize, width }: ResolvedProfile, axis: ValueAxis) {
  const tickRoom =
    Math.max(...axis.ticks.map(({ label }) => measureText(label, fontSize * SMALL))) + TICK + TICK_GAP;
  const wanted = Math.max(width - 2 * PADDING - tickRoom, measureText(caption, fontSize * SMALL));
  const nameSize = fontSize * nameScale(layers.length);
  const labels = layOutLayerLabels(layers, wanted / layers.length, nameSize);
  const left = PADDING + Math.max(tickRoom, labels.overhang);
  const right = left + labels.slot * layers.length;
  return { labels, left, right, width: right + PADDING, tickRoom };
}

/** Middles of equal slots from `left` to `right`. */
function centres(count: number, left: number, right: number): number[] {
  const indices = Array.from({ length: count }, (_, i) => i);
  const scale = scalePoint(indices, [left, right]).padding(0.5);
  return indices.map((i) => scale(i)!);
}
