import { ShapeError } from "@delve/kernel";
import { unknownName } from "../names.js";
import { type FigureSpec, type ResolvedFigure, resolveFigure } from "./figure-spec.js";
import { visibleText } from "./text.js";
import { VALUE_SCALES, type ValueScale } from "./value-axis.js";

/** A figure with saves along x, layers from top to bottom, and one statistic as colour. Plain data. */
export interface HeatMap extends FigureSpec {
  /** Name of the statistic, beside the scale of colours. */
  readonly valueLabel: string;
  /** `"auto"` by default. */
  readonly valueScale?: ValueScale | undefined;
  /** Names of the layers in order of their forward pass; drawn whole, whatever they hold. */
  readonly layers: readonly string[];
  /** Row numbers of the saves, ascending: one a column. */
  readonly epochs: readonly number[];
  /** For each layer a value for each epoch; `null` and what is not finite is drawn as missing. */
  readonly values: readonly (readonly (number | null)[])[];
  /** Values that are limited by too few samples; drawn with a dot. */
  readonly undersampled?: readonly (readonly boolean[])[] | undefined;
  /** Samples that each value rests on; their range is named in the subtitle. */
  readonly samples?: readonly (readonly number[])[] | undefined;
  /** What stands below the epochs; what the axes show, when left out. */
  readonly caption?: string | undefined;
}

/** A heat map that was checked, with every default filled in and every text drawable. */
export interface ResolvedHeatMap extends ResolvedFigure {
  readonly valueLabel: string;
  readonly valueScale: ValueScale;
  readonly layers: readonly string[];
  readonly epochs: readonly number[];
  readonly values: readonly (readonly (number | null)[])[];
  readonly undersampled: readonly (readonly boolean[])[] | undefined;
  readonly samples: readonly (readonly number[])[] | undefined;
  readonly caption: string;
}

const CAPTION = "epoch · layers from top to bottom in order of their forward pass";

/**
 * Checks a heat map and fills in its defaults.
 *
 * @throws {ShapeError} If there is not one row a layer, or a row has not one entry an epoch.
 * @throws {RangeError} If there is no layer or epoch, or the style is not usable.
 */
export function resolveHeatMap(map: HeatMap): ResolvedHeatMap {
  const { layers, epochs, values, undersampled, samples, valueScale = "auto" } = map;
  if (layers.length === 0) throw new RangeError("heatMap: needs at least one layer, got 0");
  if (epochs.length === 0) throw new RangeError("heatMap: needs at least one epoch, got 0");
  for (const [key, rows] of Object.entries({ values, undersampled, samples })) {
    if (rows !== undefined) checkRows(key, rows, layers.length, epochs.length);
  }
  if (!VALUE_SCALES.includes(valueScale)) throw unknownName("heatMap.valueScale", valueScale, VALUE_SCALES);
  return {
    valueLabel: visibleText(map.valueLabel),
    valueScale,
    layers: layers.map(visibleText),
    epochs,
    values,
    undersampled,
    samples,
    caption: visibleText(map.caption ?? CAPTION),
    ...resolveFigure("heatMap", map, samples?.flat() ?? []),
  };
}

function checkRows(key: string, rows: readonly (readonly unknown[])[], layers: number, epochs: number): void {
  if (rows.length !== layers) {
    throw new ShapeError(
      `heatMap: ${key} must hold one row for each of ${layers} layers, got ${rows.length}`,
    );
  }
  const odd = rows.findIndex((row) => row.length !== epochs);
  if (odd === -1) return;
  throw new ShapeError(
    `heatMap: ${key} of layer ${odd} must hold one entry for each of ${epochs} epochs, got ${rows[odd]!.length}`,
  );
}
