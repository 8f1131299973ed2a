import { extent } from "./format.js";
import type { LegendEntry } from "./legend.js";
import type { ProfileSeries, ResolvedProfile } from "./profile-spec.js";
import { type Stroke, strokeOf } from "./theme.js";

/** A series with the way it is drawn. */
export interface ProfileLine {
  readonly series: ProfileSeries;
  readonly stroke: Stroke;
  /** Whether it is drawn in full: the last of its name. */
  readonly isFront: boolean;
  /** 1 in front, less behind, the oldest the least. */
  readonly opacity: number;
}

const BEHIND = 0.5;
const FADING = 0.75;
const FAINTEST = 0.12;

/** The series of a profile with colours, markers and fading. */
export function linesOf({ series, theme }: ResolvedProfile): ProfileLine[] {
  const names = [...new Set(series.map(({ name }) => name))];
  const remaining = new Map<string, number>();
  const lines: ProfileLine[] = [];
  for (const one of [...series].reverse()) {
    const later = remaining.get(one.name) ?? 0;
    remaining.set(one.name, later + 1);
    const opacity = later === 0 ? 1 : Math.max(FAINTEST, BEHIND * FADING ** (later - 1));
    lines.push({
      series: one,
      stroke: strokeOf(theme, names.indexOf(one.name)),
      isFront: later === 0,
      opacity,
    });
  }
  return lines.reverse();
}

/** Entries for all that title and axes do not tell. */
export function legendOf(
  { theme, fadedLabel }: ResolvedProfile,
  lines: readonly ProfileLine[],
): LegendEntry[] {
  const front = lines.filter(({ isFront }) => isFront);
  const behind = lines.filter(({ isFront }) => !isFront);
  const entries: LegendEntry[] = [];
  if (lines.length > 1) {
    entries.push(
      ...front.map(({ series, stroke }) => ({ text: series.name, stroke, kind: "line" as const })),
    );
  }
  if (behind.length > 0) {
    const names = new Set(behind.map(({ series }) => series.name));
    // Of several colours none stands for all.
    const neutral = { ...behind[0]!.stroke, color: theme.muted, dash: undefined };
    const stroke = names.size === 1 ? behind[0]!.stroke : neutral;
    entries.push({ text: fadedLabel ?? epochsOf(behind), stroke, kind: "faded" });
  }
  if (front.some(({ series }) => series.undersampled?.includes(true))) {
    const stroke = { ...front[0]!.stroke, color: theme.muted };
    entries.push({ text: "undersampled: fewer than 10 samples a feature", stroke, kind: "open" });
  }
  return entries;
}

function epochsOf(lines: readonly ProfileLine[]): string {
  const epochs = lines.flatMap(({ series }) => (series.epoch === undefined ? [] : [series.epoch]));
  if (epochs.length === 0) return "earlier";
  const [first, last] = extent(epochs);
  return first === last ? `epoch ${first}` : `epochs ${first}–${last}`;
}
