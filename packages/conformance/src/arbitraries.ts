import type { SymmetricMatrix } from "@delve/kernel";
import fc from "fast-check";
import { timesPowerOfTwo } from "./matrices.js";
import { type DenseSamples, sliceRows } from "./samples.js";

/**
 * Samples with values of up to 53 significant bits, of magnitude 0 or 1e-6 to 1e4: large enough that no square
 * vanishes, so that a relative bound makes sense.
 */
export function samplesArbitrary(
  { maxRows = 40, maxFeatures = 6, minRows = 1 } = {},
  value: fc.Arbitrary<number> = irrationals(),
): fc.Arbitrary<DenseSamples> {
  return fc
    .tuple(fc.integer({ min: minRows, max: maxRows }), fc.integer({ min: 1, max: maxFeatures }))
    .chain(([rows, features]) =>
      fc
        .array(value, { minLength: rows * features, maxLength: rows * features })
        .map((values) => ({ rows, features, data: Float64Array.from(values) })),
    );
}

/** Multiples of π/2^20: their bits are all in use, so that nothing is exact by accident. */
function irrationals(): fc.Arbitrary<number> {
  return fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }).map((k) => (k * Math.PI) / 2 ** 20);
}

/** Multiples of 2^−10 up to 2^10: sums with numbers up to 2^42 are exact. */
export function dyadics(): fc.Arbitrary<number> {
  return fc.integer({ min: -(2 ** 20), max: 2 ** 20 }).map((k) => k / 2 ** 10);
}

/** The samples cut into consecutive batches, empty ones among them. */
export function splitsOf(samples: DenseSamples): fc.Arbitrary<DenseSamples[]> {
  return fc.array(fc.integer({ min: 0, max: samples.rows }), { maxLength: 8 }).map((cuts) => {
    const ends = [0, ...cuts.sort((a, b) => a - b), samples.rows];
    return ends.slice(1).map((end, k) => sliceRows(samples, ends[k]!, end));
  });
}

/** A permutation of 0 … length − 1. */
export function permutations(length: number): fc.Arbitrary<number[]> {
  const all = Array.from({ length }, (_, k) => k);
  return fc.shuffledSubarray(all, { minLength: length, maxLength: length });
}

/** Symmetric matrices of every scale, from subnormal to near overflow, with elements of any ratio. */
export function symmetricArbitrary({ maxOrder = 24 } = {}): fc.Arbitrary<SymmetricMatrix> {
  const finite = { noNaN: true, noDefaultInfinity: true };
  const element = fc.oneof(
    fc.double({ ...finite, min: -1, max: 1 }),
    fc.constantFrom(0, 1, -1, 0.5, 1e-17),
    fc.integer({ min: -3, max: 3 }),
  );
  return fc
    .tuple(
      fc.integer({ min: 1, max: maxOrder }),
      fc.oneof(fc.constant(0), fc.integer({ min: -1074, max: 1015 })),
    )
    .chain(([order, exponent]) => {
      const length = (order * (order + 1)) / 2;
      return fc.array(element, { minLength: length, maxLength: length }).map((values) => ({
        order,
        upper: Float64Array.from(values, (value) => timesPowerOfTwo(value, exponent)),
      }));
    });
}
