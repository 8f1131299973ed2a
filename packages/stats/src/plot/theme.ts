import {
  type SymbolType,
  symbolCircle,
  symbolCross,
  symbolDiamond,
  symbolSquare,
  symbolTriangle,
} from "d3-shape";

/** Names of the built-in themes. */
export type ThemeName = "light" | "dark";

/** Colours of a figure. */
export interface Theme {
  readonly background: string;
  /** Titles and layer names. */
  readonly ink: string;
  /** Subtitles, axis labels, values. */
  readonly muted: string;
  readonly axis: string;
  readonly grid: string;
  /** One colour a series, from Okabe and Ito's set of eight that colour-blind readers tell apart. */
  readonly palette: readonly string[];
  /**
   * Colours of heat maps from the least value to the greatest, as `#rrggbb`; those between are mixed. Viridis when
   * left out, its greatest value farthest from the background.
   */
  readonly ramp?: readonly string[] | undefined;
}

/** Colours on white for print, and on near black for screens. */
export const THEMES: Readonly<Record<ThemeName, Theme>> = {
  light: {
    background: "#ffffff",
    ink: "#1b1f24",
    muted: "#57606a",
    axis: "#8c959f",
    grid: "#e4e8ec",
    palette: ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9"],
  },
  dark: {
    background: "#12161c",
    ink: "#eef1f4",
    muted: "#a9b4c0",
    axis: "#6b7683",
    grid: "#29313a",
    palette: ["#56b4e9", "#e69f00", "#2fc39a", "#e29fc6", "#f0e442", "#d9692b"],
  },
};

/** How a series is drawn besides its colour, so that it can be told in grey print too. */
export interface Stroke {
  readonly color: string;
  readonly marker: SymbolType;
  /** SVG's `stroke-dasharray`; `undefined` is a solid line. */
  readonly dash: string | undefined;
}

const MARKERS: readonly SymbolType[] = [
  symbolCircle,
  symbolDiamond,
  symbolSquare,
  symbolTriangle,
  symbolCross,
];
const DASHES: readonly (string | undefined)[] = [undefined, "7 4", "2 3", "9 3 2 3"];

/** Colour, marker and dash of the series at `index`; colour and marker repeat after thirty. */
export function strokeOf(theme: Theme, index: number): Stroke {
  return {
    color: theme.palette[index % theme.palette.length]!,
    marker: MARKERS[index % MARKERS.length]!,
    dash: DASHES[index % DASHES.length],
  };
}
