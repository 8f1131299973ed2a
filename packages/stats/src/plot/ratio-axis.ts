import { powerOfTen, significant } from "./format.js";
import type { ValueAxis } from "./value-axis.js";

/** Ratios below this are rounding: not even float64 activations have more digits of a variance. */
const FLOOR = 1e-10;
const MOST_TICKS = 5;

/** A log axis for parts of a largest value: 1 at its upper end, ticks at powers of ten from there down to 1e-10. */
export function ratioAxis(ratios: readonly number[]): ValueAxis {
  const least = ratios.reduce((least, ratio) => (ratio >= FLOOR && ratio < least ? ratio : least), 1);
  const decades = Math.max(1, Math.ceil(-Math.log10(least) - 1e-9));
  const stride = Math.ceil(decades / MOST_TICKS);
  const count = Math.ceil(decades / stride);
  const low = -stride * count;
  const exponents = Array.from({ length: count + 1 }, (_, i) => low + i * stride);
  return {
    ticks: exponents.map((exponent) => ({ value: Number(`1e${exponent}`), label: powerOfTen(exponent) })),
    place: (value) => (value === null || !(value >= FLOOR) ? null : 1 - Math.log10(value) / low),
    format: significant,
  };
}
