import { show, unknownName } from "../names.js";
import { parseHex } from "./color.js";
import { THEMES, type Theme, type ThemeName } from "./theme.js";

/** How a figure looks. */
export interface FigureStyle {
  /** `"light"` by default; or colours of one's own. */
  readonly theme?: ThemeName | Theme | undefined;
  /** Width and height in inches of 96 pixels, [8, 5] by default. The figure grows where names need more. */
  readonly figsize?: readonly [width: number, height: number] | undefined;
  /** Size of the text in points of 4/3 pixels, 9 by default; the title is larger, ticks and values are smaller. */
  readonly fontsize?: number | undefined;
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

const PIXELS_PER_INCH = 96;
const PIXELS_PER_POINT = 4 / 3;

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
  const ramp = typeof theme === "string" ? undefined : theme.ramp;
  if (ramp !== undefined && (ramp.length === 0 || ramp.some((color) => parseHex(color) === null))) {
    throw new RangeError(`${where}.theme.ramp: must hold colours such as "#0072b2", got ${show(ramp)}`);
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
