import type { FigureStyle } from "../plot/figure-style.js";
import { layerProfile } from "../plot/layer-profile.js";
import { profileTexts } from "../plot/profile-texts.js";
import type { LayerStat } from "./layer-stat.js";

/** What a figure says besides its values, and how it looks. */
export interface PlotStatOptions extends FigureStyle {
  /** Name of the run, for the title. */
  readonly run?: string | undefined;
  /** Share of the variance that counted (`satThreshold`), which a CSV does not hold; the subtitle explains it. */
  readonly threshold?: number | undefined;
  /** A number that the subtitle shows. */
  readonly metric?: { readonly name: string; readonly value: number } | undefined;
}

/**
 * A layer profile of what `extractLayerStat` gives, as an SVG document.
 *
 * Of several, each phase is a line; where one comes at several saves, the last is drawn in full and those before it
 * are faded. Layers stand in the order in which they first come.
 *
 * @param stats - One, or several of the same statistic.
 * @throws {RangeError} If there is none, or they are of two statistics, or the style is not usable.
 * @example
 * import { extractLayerStat } from "@delve/stats/tools";
 *
 * const csv = ";train-saturation_conv_1;train-saturation_fc\n0;0.25;0.5\n";
 * plotStat(extractLayerStat(csv), { run: "mlp", theme: "dark" }).startsWith("<svg"); // true
 */
export function plotStat(stats: LayerStat | readonly LayerStat[], options: PlotStatOptions = {}): string {
  const { run = "", threshold, metric, ...style } = options;
  const list = "stat" in stats ? [stats] : stats;
  const last = list.at(-1);
  if (last === undefined) throw new RangeError("plotStat: needs at least one statistic, got 0");
  const other = list.find(({ stat }) => stat !== last.stat);
  if (other !== undefined) {
    throw new RangeError(`plotStat: all must be of one statistic, got ${other.stat} and ${last.stat}`);
  }
  const layers = [...new Set(list.flatMap(({ layers }) => layers))];
  const phases = [...new Set(list.map(({ phase }) => phase))];
  return layerProfile({
    ...profileTexts({ ...last, run, phases, threshold, metric }),
    layers,
    series: list.map(({ phase, epoch, ...one }) => {
      const values = new Map(one.layers.map((layer, i) => [layer, one.values[i]!]));
      return { name: phase, epoch, values: layers.map((layer) => values.get(layer) ?? null) };
    }),
    ...style,
  });
}
