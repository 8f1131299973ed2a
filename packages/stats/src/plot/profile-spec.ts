import { ShapeError } from "@delve/kernel";
import { unknownName } from "../names.js";
import { type FigureSpec, type ResolvedFigure, resolveFigure } from "./figure-spec.js";
import { visibleText } from "./text.js";
import { VALUE_SCALES, type ValueScale } from "./value-axis.js";

/** One line of a layer profile. */
export interface ProfileSeries {
  /**
   * Name in the legend. Series that share a name share colour and marker; of these the last is drawn in full and the
   * ones before it are faded: earlier epochs of the same run.
   */
  readonly name: string;
  /** Row number of the save, named in the legend where a series is faded. */
  readonly epoch?: number | undefined;
  /** One value a layer; `null` and what is not finite leave a gap. */
  readonly values: readonly (number | null)[];
  /** Layers whose value is limited by too few samples; drawn as open markers. */
  readonly undersampled?: readonly boolean[] | undefined;
  /** Samples that each value rests on; their range is named in the subtitle. */
  readonly samples?: readonly number[] | undefined;
}

/** A figure with layers along x, in order of their forward pass, and one statistic along y. Plain data. */
export interface LayerProfile extends FigureSpec {
  /** Name of the value axis. */
  readonly valueLabel: string;
  /** `"auto"` by default. */
  readonly valueScale?: ValueScale | undefined;
  /** Names of the layers; drawn whole, whatever they hold. */
  readonly layers: readonly string[];
  /** What stands below their names, and says what they are; that they are layers, when left out. */
  readonly caption?: string | undefined;
  /** What the legend calls faded series; their epochs when left out. */
  readonly fadedLabel?: string | undefined;
  readonly series: readonly ProfileSeries[];
}

/** A profile that was checked, with every default filled in and every text drawable. */
export interface ResolvedProfile extends ResolvedFigure {
  readonly valueLabel: string;
  readonly valueScale: ValueScale;
  readonly layers: readonly string[];
  readonly caption: string;
  readonly fadedLabel: string | undefined;
  readonly series: readonly ProfileSeries[];
}

const CAPTION = "layers in order of their forward pass";

/**
 * Checks a profile and fills in its defaults.
 *
 * @throws {ShapeError} If a series has not one value a layer.
 * @throws {RangeError} If there is no layer or series, or the style is not usable.
 */
export function resolveProfile(profile: LayerProfile): ResolvedProfile {
  const { layers, series, valueScale = "auto" } = profile;
  if (layers.length === 0) throw new RangeError("layerProfile: needs at least one layer, got 0");
  if (series.length === 0) throw new RangeError("layerProfile: needs at least one series, got 0");
  for (const one of series) checkSeries(one, layers.length);
  if (!VALUE_SCALES.includes(valueScale))
    throw unknownName("layerProfile.valueScale", valueScale, VALUE_SCALES);
  return {
    valueLabel: visibleText(profile.valueLabel),
    valueScale,
    layers: layers.map(visibleText),
    caption: visibleText(profile.caption ?? CAPTION),
    fadedLabel: profile.fadedLabel === undefined ? undefined : visibleText(profile.fadedLabel),
    series: series.map((one) => ({ ...one, name: visibleText(one.name) })),
    ...resolveFigure("layerProfile", profile, samplesInFront(series)),
  };
}

/** How many samples the values rest on that are drawn in full. */
function samplesInFront(series: readonly ProfileSeries[]): number[] {
  const lastOfEachName = new Map(series.map((one) => [one.name, one]));
  return [...lastOfEachName.values()].flatMap(({ samples }) => samples ?? []);
}

function checkSeries({ name, values, undersampled, samples }: ProfileSeries, layers: number): void {
  for (const [key, list] of Object.entries({ values, undersampled, samples })) {
    if (list === undefined || list.length === layers) continue;
    throw new ShapeError(
      `layerProfile: ${key} of the series "${name}" must hold one entry for each of ${layers} layers, got ${list.length}`,
    );
  }
}
