import { type DenseSamples, denseSamples } from "@delve/conformance";
import fc from "fast-check";

/** Columns of any bits, of values next to each other, and of outliers, that squares in float64 can hold. */
export function adversarialSamples(): fc.Arbitrary<DenseSamples> {
  const single = fc.float({ noNaN: true, noDefaultInfinity: true });
  const anything = fc.oneof(single, fc.double({ noNaN: true, min: -1e100, max: 1e100 }).map(asSquarable));
  const column = fc.oneof(
    fc.infiniteStream(anything).map((stream) => () => stream.next().value),
    // A few neighbours of a number in float32.
    fc.tuple(single, fc.infiniteStream(fc.integer({ min: -2, max: 2 }))).map(([centre, steps]) => () => {
      const bits = new Int32Array(Float32Array.of(centre).buffer);
      bits[0]! += steps.next().value;
      const value = new Float32Array(bits.buffer)[0]!;
      return Number.isFinite(value) ? value : centre;
    }),
    // Two values, of which one is rare.
    fc.tuple(anything, anything, fc.integer({ min: 0, max: 9 })).map(([common, rare, at]) => {
      let r = 0;
      return () => (r++ % 50 === at ? rare : common);
    }),
    // From the largest to the smallest that a grid can hold, and below.
    fc.tuple(anything, fc.integer({ min: 1, max: 9 })).map(([first, bits]) => {
      let r = 0;
      return () => asSquarable((r++ % 2 === 0 ? first : -first) * 2 ** (-bits * (r % 16)));
    }),
  );
  return fc
    .tuple(fc.integer({ min: 1, max: 90 }), fc.array(column, { minLength: 1, maxLength: 6 }))
    .map(([rows, columns]) => denseSamples(rows, columns.length, (_, f) => columns[f]!()));
}

/** Neither overflow nor underflow of a product is what is tested. */
function asSquarable(value: number): number {
  return Math.abs(value) < 1e-60 ? 0 : value;
}

/** The same in float32. */
export function roundedSamples({ rows, features, data }: DenseSamples): DenseSamples {
  return denseSamples(rows, features, (r, f) => clamped(Math.fround(data[r * features + f]!)), true);
}

function clamped(value: number): number {
  return Math.max(-3e38, Math.min(value, 3e38));
}
