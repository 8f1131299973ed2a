import { type DenseSamples, denseSamples, type Random } from "@delve/conformance";

/** Distributions that are hard for sums in low precision, as value of (row, feature). */
export const HARD: Readonly<Record<string, (random: Random) => (row: number, feature: number) => number>> = {
  normal: (random) => () => random.normal(),
  subnormal: (random) => () => 1e-41 * random.normal(),
  // Not more than 1e36 × 40 × the greatest of random.normal(), 6.66: float32 ends at 3.4e38.
  "1e36": (random) => (_, f) => 1e36 * (1 + (f % 40)) * random.normal(),
  "an offset of 1e7": (random) => () => 1e7 + random.normal(),
  "one outlier of 1e6": (random) => (r, f) => random.normal() + (r === 7 && f % 2 === 0 ? 1e6 : 0),
  "thirty decades": (random) => () => random.normal() * 10 ** (30 * random.uniform() - 15),
  "scales that differ": (random) => (_, f) => 1e4 ** (f % 9) * 1e-18 * random.normal(),
  constant: (random) => (_, f) => (f % 2 === 0 ? 0.1 : random.normal()),
  "two values": (random) => () => 1 + 2 ** -23 * (random.uniform() < 0.3 ? 1 : 0),
  relu: (random) => () => Math.max(0, random.normal()),
};

/** Samples that float32 can hold. */
export function hardSamples(name: string, rows: number, features: number, random: Random): DenseSamples {
  return denseSamples(rows, features, HARD[name]!(random), true);
}
