import { ShapeError } from "@delve/kernel";
import { show, unknownName } from "../names.js";
import { visibleText } from "./text.js";
import { THEMES, type Theme, type ThemeName } from "./theme.js";
import type { ValueScale } from "./value-axis.js";

/** How a figure looks. */
export interface FigureStyle {
  /** `"light"` by default; or colours of one's own. */
  readonly theme?: ThemeName | Theme | undefined;
  /** Width and height in inches of 96 pixels, [8, 5] by default. The figure grows where names need more. */
  readonly figsize?: readonly [width: number, height: number] | undefined;
  /** Size of the text in points of 4/3 pixels, 9 by default; the title is larger, ticks and values are smaller. */
  readonly fontsize?: number | undefined;
}

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
export interface LayerProfile extends FigureStyle {
  readonly title: string;
  readonly subtitle?: string | undefined;
  /** Name of the value axis. */
  readonly valueLabel: string;
  /** `"auto"` by default. */
  readonly valueScale?: ValueScale | undefined;
  /** Names of the layers; drawn whole, whatever they hold. */
  readonly layers: readonly string[];
  /** What stands below their names, and says what they are; that they are layers, when left out. */
  readonly caption?: string | undefined;
  readonly series: readonly ProfileSeries[];
}

/** A style with every default filled in. */
export interface ResolvedStyle {
  readonly theme: Theme;
  /** Pixels. */
  readonly width: number;
  /** Pixels. */
  readonly height: number;
  /** Pixels. */
  readonly fontSize: number;
}

/** A profile that was checked, with every default filled in and every text drawable. */
export interface ResolvedProfile extends ResolvedStyle {
  readonly title: string;
  readonly subtitle: string;
  readonly valueLabel: string;
  readonly valueScale: ValueScale;
  readonly layers: readonly string[];
  readonly caption: string;
  readonly series: readonly ProfileSeries[];
}

const PIXELS_PER_INCH = 96;
const PIXELS_PER_POINT = 4 / 3;
const CAPTION = "layers in order of their forward pass";
const SCALES: readonly ValueScale[] = ["share", "count", "linear", "log", "auto"];

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
  if (!SCALES.includes(valueScale)) throw unknownName("layerProfile.valueScale", valueScale, SCALES);
  return {
    title: visibleText(profile.title),
    subtitle: visibleText(profile.subtitle ?? ""),
    valueLabel: visibleText(profile.valueLabel),
    valueScale,
    layers: layers.map(visibleText),
    caption: visibleText(profile.caption ?? CAPTION),
    series: series.map((one) => ({ ...one, name: visibleText(one.name) })),
    ...resolveStyle("layerProfile", profile),
  };
}

function checkSeries({ name, values, undersampled, samples }: ProfileSeries, layers: number): void {
  for (const [key, list] of Object.entries({ values, undersampled, samples })) {
    if (list === undefined || list.length === layers) continue;
    throw new ShapeError(
      `layerProfile: ${key} of the series "${name}" must hold one entry for each of ${layers} layers, got ${list.length}`,
    );
  }
}

/**
 * Checks a style and fills in its defaults.
 *
 * @param where - What messages name before the option.
 * @throws {RangeError} If a size is not positive, or there is no such theme.
 */
export function resolveStyle(where: string, style: FigureStyle): ResolvedStyle {
  const { figsize = [8, 5], fontsize = 9, theme = "light" } = style;
  if (!Array.isArray(figsize) || figsize.length !== 2 || !figsize.every(isPositive)) {
    throw new RangeError(`${where}.figsize: must be two positive numbers of inches, got ${show(figsize)}`);
  }
  if (!isPositive(fontsize)) {
    throw new RangeError(`${where}.fontsize: must be a positive number of points, got ${show(fontsize)}`);
  }
  if (typeof theme === "string" && !Object.hasOwn(THEMES, theme)) {
    throw unknownName(`${where}.theme`, theme, Object.keys(THEMES));
  }
  const [width, height] = figsize as readonly [number, number];
  return {
    theme: typeof theme === "string" ? THEMES[theme] : theme,
    width: width * PIXELS_PER_INCH,
    height: height * PIXELS_PER_INCH,
    fontSize: fontsize * PIXELS_PER_POINT,
  };
}

function isPositive(value: number): boolean {
  return Number.isFinite(value) && value > 0;
}
