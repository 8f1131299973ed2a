import { contrast, luminance, parseHex, type Rgb, toHex } from "./color.js";
import type { Theme } from "./theme.js";

/**
 * Seventeen points of viridis, by Nathaniel Smith and Stéfan van der Walt (in the public domain, CC0).
 *
 * It is even to the eye, rises in lightness from end to end, and so keeps its order for colour-blind readers and in
 * grey print; no part of it is near a neutral grey, which stands for what is missing.
 */
const VIRIDIS: readonly string[] = [
  "#440154",
  "#48186a",
  "#472d7b",
  "#424086",
  "#3b528b",
  "#33638d",
  "#2c728e",
  "#26828e",
  "#21918c",
  "#1fa088",
  "#28ae80",
  "#3fbc73",
  "#5ec962",
  "#84d44b",
  "#addc30",
  "#d8e219",
  "#fde725",
];

/** How many colours a ramp is drawn with: neighbours cannot be told apart, and equal ones share an element. */
const STEPS = 96;

/** Dark and bright writing on top of a ramp. */
const INKS: readonly string[] = ["#1b1f24", "#ffffff"];

/** Colours from the least value to the greatest. */
export interface Ramp {
  /** Every colour that {@link Ramp.at} gives, in order. */
  readonly colors: readonly string[];
  /** @param place - From 0, the least value, to 1. */
  at(place: number): string;
}

/** The ramp of a theme: its own, or viridis with its greatest value farthest from the page. */
export function rampOf({ ramp, background }: Theme): Ramp {
  const points = (ramp ?? (isDark(background) ? VIRIDIS : [...VIRIDIS].reverse())).map(
    (color) => parseHex(color)!,
  );
  const colors = Array.from({ length: STEPS }, (_, i) => between(points, i / (STEPS - 1)));
  return {
    colors,
    at: (place) => colors[Math.round(Math.min(1, Math.max(0, place)) * (STEPS - 1))]!,
  };
}

function isDark(background: string): boolean {
  const rgb = parseHex(background);
  return rgb !== null && luminance(rgb) < 0.18;
}

/** The colour at a share of the way along the points. */
function between(points: readonly Rgb[], place: number): string {
  if (points.length === 1) return toHex(points[0]!);
  const way = place * (points.length - 1);
  const from = Math.min(Math.floor(way), points.length - 2);
  const [a, b] = [points[from]!, points[from + 1]!];
  return toHex(a.map((part, i) => part + (way - from) * (b[i]! - part)) as unknown as Rgb);
}

/** The writing that is easier to read on a colour of a ramp. */
export function inkOn(color: string): string {
  const ground = parseHex(color)!;
  const [dark, bright] = INKS.map((ink) => contrast(ground, parseHex(ink)!)) as [number, number];
  return INKS[dark >= bright ? 0 : 1]!;
}
