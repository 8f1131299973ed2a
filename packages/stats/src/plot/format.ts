const SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹";

/** A power of ten as it is written by hand: `10⁻³`, `1`, `10`, `10⁵`. */
export function powerOfTen(exponent: number): string {
  if (exponent === 0) return "1";
  if (exponent === 1) return "10";
  return `10${superscript(exponent)}`;
}

function superscript(exponent: number): string {
  const digits = [...String(Math.abs(exponent))].map((digit) => SUPERSCRIPTS[Number(digit)]).join("");
  return exponent < 0 ? `⁻${digits}` : digits;
}

/** A whole number with commas between thousands: `60,000`. */
export function grouped(value: number): string {
  return withMinus(value.toFixed(0).replace(/\B(?=(\d{3})+$)/g, ","));
}

/**
 * A number with three significant digits, in powers of ten where it is very large or small: `0.667`, `12.3`,
 * `45,600`, `1.2×10⁷`.
 */
export function significant(value: number): string {
  if (value === 0) return "0";
  const [mantissa, exponentText] = value.toExponential(2).split("e");
  const exponent = Number(exponentText);
  if (exponent < -3 || exponent > 5) return scientific(mantissa!, exponent);
  if (exponent >= 3) return grouped(Number(value.toPrecision(3)));
  return trimmed(value.toPrecision(3));
}

/** A tick of a linear axis whose ticks are `step` apart: just the decimals that the step needs. */
export function tickLabel(value: number, step: number): string {
  if (value === 0) return "0";
  const stepExponent = Math.floor(Math.log10(step) + 1e-9);
  const exponent = Math.floor(Math.log10(Math.abs(value)) + 1e-9);
  if (exponent > 5 || stepExponent < -5) {
    const [mantissa, written] = value
      .toExponential(Math.max(0, Math.min(20, exponent - stepExponent)))
      .split("e");
    return scientific(mantissa!, Number(written));
  }
  return stepExponent < 0 ? withMinus(value.toFixed(-stepExponent)) : grouped(value);
}

function scientific(mantissa: string, exponent: number): string {
  const factor = trimmed(mantissa);
  return factor === "1" ? `10${superscript(exponent)}` : `${factor}×10${superscript(exponent)}`;
}

/** Without trailing zeros behind the point. */
function trimmed(text: string): string {
  return withMinus(text.includes(".") ? text.replace(/\.?0+$/, "") : text);
}

/** With the sign that is as wide as a digit. */
function withMinus(text: string): string {
  return text.replace("-", "−");
}

/** Facts in one line with dots between, empty ones left out. */
export function inOneLine(...facts: readonly string[]): string {
  return facts.filter(Boolean).join(" · ");
}

/** A share as it is read out: `99 %`. */
export function percentOf(share: number): string {
  return `${Number((100 * share).toPrecision(6))} %`;
}

/** The range that counts of samples span, as subtitles name it: `n = 90–1,437`; empty if there is none. */
export function countRange(counts: readonly number[]): string {
  if (counts.length === 0) return "";
  const [least, most] = extent(counts).map(grouped);
  return `n = ${least === most ? least : `${least}–${most}`}`;
}

/** Least and greatest value; [0, 0] if there is none. */
export function extent(values: readonly number[]): readonly [number, number] {
  if (values.length === 0) return [0, 0];
  let [low, high] = [values[0]!, values[0]!];
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return [low, high];
}
