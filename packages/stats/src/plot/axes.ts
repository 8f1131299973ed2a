import { drawTextBlock } from "./header.js";
import { drawLayerLabels } from "./layer-labels.js";
import { type Area, SMALL, TICK, TICK_GAP } from "./page.js";
import type { ProfileLayout } from "./profile-layout.js";
import { element, textElement } from "./svg.js";
import type { Theme } from "./theme.js";
import type { ValueAxis } from "./value-axis.js";

/** Height of a value in the plot; `null` for what the axis cannot show. */
export function heightOf(axis: ValueAxis, plot: Area, value: number | null): number | null {
  const place = axis.place(value);
  return place === null ? null : plot.bottom - place * (plot.bottom - plot.top);
}

/** Grid, ticks, names and labels of both axes. */
export function drawAxes(layout: ProfileLayout, fontSize: number, theme: Theme): string[] {
  const small = fontSize * SMALL;
  const { plot, valueLabel, labels, xs, caption, captionTop } = layout;
  return [
    ...drawTextBlock(valueLabel.lines, valueLabel.left, valueLabel.top, small, theme.muted),
    ...drawGrid(layout, small, theme),
    ...drawBase(layout, theme),
    ...drawLayerLabels(labels, xs, plot.bottom + TICK + TICK_GAP, theme.ink),
    ...drawTextBlock([caption], plot.left, captionTop, small, theme.muted),
  ];
}

function drawGrid({ plot, axis }: ProfileLayout, fontSize: number, theme: Theme): string[] {
  return axis.ticks.flatMap(({ value, label }) => {
    const y = heightOf(axis, plot, value)!;
    const text = { x: plot.left - TICK - TICK_GAP, y: y + 0.36 * fontSize, "text-anchor": "end" };
    const stroke = value === 0 && y < plot.bottom ? theme.axis : theme.grid;
    return [
      element("line", { x1: plot.left, y1: y, x2: plot.right, y2: y, stroke }),
      textElement(label, { ...text, "font-size": fontSize, fill: theme.muted }),
    ];
  });
}

function drawBase({ plot, xs }: ProfileLayout, theme: Theme): string[] {
  const ends = { y1: plot.bottom, stroke: theme.axis };
  return [
    element("line", { x1: plot.left, x2: plot.right, y2: plot.bottom, ...ends }),
    ...xs.map((x) => element("line", { x1: x, x2: x, y2: plot.bottom + TICK, ...ends })),
  ];
}
