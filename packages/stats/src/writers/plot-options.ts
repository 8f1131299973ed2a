import { show, unknownName } from "../names.js";
import { type FigureStyle, resolveStyle } from "../plot/figure-style.js";
import type { LayerProfile } from "../plot/profile-spec.js";
import type { SaveProfile } from "../plot/save-profiles.js";
import type { PlotFormat } from "./plot-queue.js";

/**
 * Kinds of figures that the plot writer draws.
 *
 * - `profile`: each statistic and phase of a save over the layers.
 * - `compare`: the same with train and eval in one figure, where a save has both.
 * - `heatmap`: each statistic and phase over layers and saves, drawn when results are flushed and at the end.
 * - `spectrum`: eigenvalues of every layer; for it `stats` has to hold `spectrum`.
 * - `scatter`: samples of every layer on its first two principal axes; for it `stats` has to hold `embed`.
 */
export type PlotKind = "profile" | "compare" | "heatmap" | "spectrum" | "scatter";

/** Options of the plot writer, by way of `writerArgs`. */
export interface PlotWriterOptions extends FigureStyle {
  /** `["profile"]` by default. */
  readonly figures?: readonly PlotKind[] | undefined;
  /** `["svg", "png"]` by default. */
  readonly formats?: readonly PlotFormat[] | undefined;
  /** Draw each save whose number is a multiple of this, and the last; 1 by default. */
  readonly plotEvery?: number | undefined;
  /** How many of the saves before are drawn faded behind each; 0 by default. */
  readonly history?: number | undefined;
  /** Name of a scalar that every profile's subtitle shows. */
  readonly primaryMetric?: string | undefined;
  /** Pixels of a PNG for each of the 96 an inch has; 2 by default. */
  readonly scale?: number | undefined;
  /** May change a profile before it is drawn. */
  readonly decorate?:
    | ((profile: LayerProfile, about: Omit<SaveProfile, "profile">) => LayerProfile)
    | undefined;
}

/** Kinds of files when none are asked for. */
export const FORMATS: readonly PlotFormat[] = ["svg", "png"];

const KINDS: readonly PlotKind[] = ["profile", "compare", "heatmap", "spectrum", "scatter"];

/** Kinds of figures when none are asked for. */
export const DEFAULT_KINDS: readonly PlotKind[] = ["profile"];

/** Refuses options that cannot be meant. */
export function checkPlotOptions(options: PlotWriterOptions): void {
  const { formats = FORMATS, figures = DEFAULT_KINDS, plotEvery = 1, history = 0, scale = 2 } = options;
  const { decorate, primaryMetric } = options;
  resolveStyle("writerArgs", options);
  checkList("formats", formats, FORMATS);
  checkList("figures", figures, KINDS);
  checkWhole("plotEvery", plotEvery, 1);
  checkWhole("history", history, 0);
  if (!(scale > 0 && scale <= 16)) {
    throw new RangeError(`writerArgs.scale: must lie in (0, 16], got ${show(scale)}`);
  }
  if (decorate !== undefined && typeof decorate !== "function") {
    throw new TypeError(`writerArgs.decorate: must be a function, got ${show(decorate)}`);
  }
  if (primaryMetric !== undefined && typeof primaryMetric !== "string") {
    throw new TypeError(`writerArgs.primaryMetric: must be a scalar's name, got ${show(primaryMetric)}`);
  }
}

function checkList(key: string, list: readonly string[], known: readonly string[]): void {
  if (!Array.isArray(list) || list.length === 0) {
    const example = known.slice(0, 2).map((name) => `"${name}"`);
    throw new TypeError(
      `writerArgs.${key}: must be a list such as [${example.join(", ")}], got ${show(list)}`,
    );
  }
  for (const name of list) if (!known.includes(name)) throw unknownName(`writerArgs.${key}`, name, known);
}

function checkWhole(key: string, value: number, least: number): void {
  if (Number.isSafeInteger(value) && value >= least) return;
  throw new RangeError(`writerArgs.${key}: must be a whole number of at least ${least}, got ${show(value)}`);
}
