/**
 * Arithmetic with about 106 bits: a number is the unevaluated sum of two float64s, the second at most half a unit in
 * the last place of the first (T. J. Dekker, "A floating-point technique for extending the available precision",
 * 1971). Valid while no product overflows or underflows: magnitudes between 1e-140 and 1e140.
 */
export type DoubleDouble = readonly [high: number, low: number];

export const ZERO: DoubleDouble = [0, 0];

/** a + b, exactly (D. E. Knuth's TwoSum). */
export function twoSum(a: number, b: number): DoubleDouble {
  const sum = a + b;
  const taken = sum - a;
  return [sum, a - (sum - taken) + (b - taken)];
}

/** a · b, exactly (Dekker's product with Veltkamp's splitting into halves of 26 bits). */
export function twoProduct(a: number, b: number): DoubleDouble {
  const product = a * b;
  const [a1, a2] = halves(a);
  const [b1, b2] = halves(b);
  return [product, a1 * b1 - product + a1 * b2 + a2 * b1 + a2 * b2];
}

function halves(a: number): DoubleDouble {
  const scaled = a * (2 ** 27 + 1);
  const high = scaled - (scaled - a);
  return [high, a - high];
}

/** a + b. */
export function add(a: DoubleDouble, b: DoubleDouble): DoubleDouble {
  const [high, low] = twoSum(a[0], b[0]);
  const [high2, low2] = twoSum(a[1], b[1]);
  const [high3, low3] = twoSum(high, low + high2);
  return twoSum(high3, low3 + low2);
}

/** −a. */
export function negate(a: DoubleDouble): DoubleDouble {
  return [-a[0], -a[1]];
}

/** a · b. */
export function multiply(a: DoubleDouble, b: DoubleDouble): DoubleDouble {
  const [high, low] = twoProduct(a[0], b[0]);
  return twoSum(high, low + (a[0] * b[1] + a[1] * b[0]));
}

/** a / b. */
export function divide(a: DoubleDouble, b: DoubleDouble): DoubleDouble {
  const quotient = a[0] / b[0];
  const rest = add(a, negate(multiply([quotient, 0], b)));
  return twoSum(quotient, rest[0] / b[0]);
}
