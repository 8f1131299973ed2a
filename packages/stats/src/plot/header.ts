import type { ResolvedFigure } from "./figure-spec.js";
import { drawLegend, type Legend, type LegendEntry, layOutLegend } from "./legend.js";
import { SMALL } from "./page.js";
import { textElement } from "./svg.js";
import { LINE_HEIGHT, wrapText } from "./text.js";
import type { Theme } from "./theme.js";

/** Lines of text, the top of their block measured from the top of the figure. */
interface TextBlock {
  readonly lines: readonly string[];
  readonly top: number;
  readonly fontSize: number;
}

/** What stands above a plot: title, subtitle, legend. All lengths in pixels. */
export interface Header {
  readonly title: TextBlock;
  readonly subtitle: TextBlock;
  readonly legend: Legend;
  readonly legendTop: number;
  readonly bottom: number;
}

/** Title size over text size. */
const TITLE = 1.5;

/** Sets title, subtitle and legend below one another, in as many lines as `width` asks for. */
export function layOutHeader(
  { title, subtitle, fontSize }: ResolvedFigure,
  entries: readonly LegendEntry[],
  width: number,
  top: number,
): Header {
  const titleBlock = layOutBlock(title, top, width, fontSize * TITLE);
  const subtitleBlock = layOutBlock(subtitle, bottomOf(titleBlock) + 0.2 * fontSize, width, fontSize);
  const legend = layOutLegend(entries, width, fontSize * SMALL);
  const legendTop = bottomOf(subtitleBlock) + (legend.height > 0 ? 0.6 * fontSize : 0);
  return {
    title: titleBlock,
    subtitle: subtitleBlock,
    legend,
    legendTop,
    bottom: legendTop + legend.height,
  };
}

function layOutBlock(text: string, top: number, width: number, fontSize: number): TextBlock {
  return { lines: text === "" ? [] : wrapText(text, width, fontSize), top, fontSize };
}

function bottomOf({ lines, top, fontSize }: TextBlock): number {
  return top + lines.length * fontSize * LINE_HEIGHT;
}

/** The header as elements, with its left edge at `left`. */
export function drawHeader(header: Header, left: number, theme: Theme): string[] {
  return [
    ...drawTextBlock(header.title.lines, left, header.title.top, header.title.fontSize, theme.ink),
    ...drawTextBlock(header.subtitle.lines, left, header.subtitle.top, header.subtitle.fontSize, theme.muted),
    ...drawLegend(header.legend, left, header.legendTop, theme),
  ];
}

/** Lines of text below one another, their upper left corner at (x, top). */
export function drawTextBlock(
  lines: readonly string[],
  x: number,
  top: number,
  fontSize: number,
  fill: string,
): string[] {
  return lines.flatMap((line, i) => {
    const at = { x, y: top + fontSize * (0.95 + i * LINE_HEIGHT) };
    return line === "" ? [] : [textElement(line, { ...at, "font-size": fontSize, fill })];
  });
}
