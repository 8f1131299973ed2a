import { scaleLinear, scaleLog } from "d3-scale";
import { extent, grouped, powerOfTen, significant, tickLabel } from "./format.js";

/**
 * What a value axis shows.
 *
 * - `share`: a part of a whole; the axis runs from 0 to 1.
 * - `count`: whole numbers; the axis begins at 0 and has ticks at whole numbers only.
 * - `linear`: any numbers; 0 is always on the axis.
 * - `log`: powers of ten; values that are not positive leave a gap.
 * - `auto`: `log` where all values are positive and span three powers of ten, else `linear`.
 */
export type ValueScale = "share" | "count" | "linear" | "log" | "auto";

/** Every {@link ValueScale}. */
export const VALUE_SCALES: readonly ValueScale[] = ["share", "count", "linear", "log", "auto"];

/** A tick at `value`, from 0 to 1 along the axis. */
export interface Tick {
  readonly value: number;
  readonly label: string;
}

/** A value axis, from its lower to its upper end. */
export interface ValueAxis {
  readonly ticks: readonly Tick[];
  /** Place on the axis, 0 at its lower and 1 at its upper end; `null` for what cannot be shown. */
  place(value: number | null): number | null;
  /** A value as it is written beside its point. */
  format(value: number): string;
}

const TICKS = 5;
/** Beyond these a difference of two values, or a power of ten, may leave the range of float64. */
const LARGEST = 1e300;
const SMALLEST = 1e-300;

/** The axis for `values`; what is not finite, or beyond ±1e300, leaves a gap. */
export function valueAxis(values: readonly (number | null)[], scale: ValueScale): ValueAxis {
  const shown = values.map(drawable).filter((value) => value !== null);
  if (isLog(shown, scale)) {
    return logAxis(shown.filter((value) => value > 0));
  }
  return linearAxis(shown, scale === "share" || scale === "count" ? scale : "linear");
}

/** Whether values are shown on a log axis. */
export function isLog(values: readonly number[], scale: ValueScale): boolean {
  return scale === "log" || (scale === "auto" && spansDecades(values));
}

/** A value as it can be drawn: `null` for what is not finite or beyond ±1e300, 0 for what is hardly any. */
export function drawable(value: number | null): number | null {
  if (value === null || !Number.isFinite(value) || Math.abs(value) > LARGEST) return null;
  return Math.abs(value) < SMALLEST ? 0 : value;
}

function spansDecades(values: readonly number[]): boolean {
  if (values.length === 0) return false;
  const [low, high] = extent(values);
  return low > 0 && high / low >= 1000;
}

function linearAxis(values: readonly number[], kind: "share" | "count" | "linear"): ValueAxis {
  const [low, high] = extent(values);
  const least = Math.min(0, low);
  // An axis without length (all values 0) still gets one.
  const greatest = Math.max(kind === "linear" ? 0 : 1, high) || (least === 0 ? 1 : 0);
  const scale = scaleLinear().domain([least, greatest]).nice(TICKS);
  const all = scale.ticks(TICKS);
  const ticks = kind === "count" ? all.filter(Number.isInteger) : all;
  const step = ticks.length > 1 ? ticks[1]! - ticks[0]! : 1;
  const [start, end] = scale.domain() as [number, number];
  return {
    ticks: ticks.map((value) => ({ value, label: tickLabel(value, step) })),
    place: (value) => within(drawable(value), (shown) => (shown - start) / (end - start)),
    format: WRITE[kind],
  };
}

const WRITE = {
  share: (value: number) =>
    Math.abs(value) < 1000 ? value.toFixed(2).replace("-", "−") : significant(value),
  count: (value: number) => (Number.isSafeInteger(value) ? grouped(value) : significant(value)),
  linear: significant,
};

function logAxis(values: readonly number[]): ValueAxis {
  const [low, high] = values.length === 0 ? [1, 10] : extent(values);
  const scale = scaleLog().domain([low, high]).nice();
  const [first, last] = scale.domain().map((end) => Math.round(Math.log10(end))) as [number, number];
  // A single power of ten gets its neighbours.
  const [from, to] = first === last ? [first - 1, last + 1] : [first, last];
  const stride = Math.ceil((to - from) / (TICKS + 1));
  const exponents = Array.from({ length: Math.floor((to - from) / stride) + 1 }, (_, i) => from + i * stride);
  return {
    ticks: exponents.map((exponent) => ({ value: Number(`1e${exponent}`), label: powerOfTen(exponent) })),
    place: (value) =>
      within(drawable(value), (shown) => (shown > 0 ? (Math.log10(shown) - from) / (to - from) : null)),
    format: significant,
  };
}

function within(value: number | null, place: (value: number) => number | null): number | null {
  return value === null ? null : place(value);
}
