/** Numbers counted into buckets, as TensorBoard keeps them. */
export interface Histogram {
  readonly min: number;
  readonly max: number;
  readonly count: number;
  readonly sum: number;
  readonly sumOfSquares: number;
  /** Upper ends of the buckets, ascending; each bucket starts where the one before ends. */
  readonly limits: readonly number[];
  readonly counts: readonly number[];
}

/** Each bucket ends a tenth farther from zero than the one before, as TensorFlow's own: a spectrum spans many decades. */
const GROWTH = 1.1;
/** Where the buckets next to zero end. */
const NEAREST = GROWTH ** -7000;

/**
 * The histogram of some numbers; those that are not finite are left out.
 *
 * @returns `null` if there is none.
 */
export function histogramOf(values: Iterable<number>): Histogram | null {
  const finite = [...values].filter(Number.isFinite);
  if (finite.length === 0) return null;
  const buckets = new Map<number, number>();
  for (const value of finite) {
    const { start, limit } = bucketOf(value);
    // An empty neighbour below says where the bucket starts.
    if (start !== -Infinity && !buckets.has(start)) buckets.set(start, 0);
    buckets.set(limit, (buckets.get(limit) ?? 0) + 1);
  }
  const sorted = [...buckets].sort(([a], [b]) => a - b);
  return {
    min: finite.reduce((least, value) => Math.min(least, value)),
    max: finite.reduce((most, value) => Math.max(most, value)),
    count: finite.length,
    sum: finite.reduce((sum, value) => sum + value, 0),
    sumOfSquares: finite.reduce((sum, value) => sum + value * value, 0),
    limits: sorted.map(([limit]) => limit),
    counts: sorted.map(([, count]) => count),
  };
}

/** The bucket (start, limit] of a number. */
function bucketOf(value: number): { start: number; limit: number } {
  const size = Math.abs(value);
  // A bucket begins after its start, and there is no power beyond this number.
  if (value === -Number.MAX_VALUE) return { start: -Infinity, limit: value };
  if (value > 0 && size <= NEAREST) return { start: 0, limit: NEAREST };
  if (size < NEAREST) return { start: -NEAREST, limit: 0 };
  const k = leastPower((end) => (value > 0 ? end >= size : end > size), size);
  return value > 0 ? { start: end(k - 1), limit: end(k) } : { start: -end(k), limit: -end(k - 1) };
}

/** The least k whose GROWTH^k passes the test; it is the logarithm of `size`, or next to it. */
function leastPower(passes: (end: number) => boolean, size: number): number {
  let k = Math.round(Math.log(size) / Math.log(GROWTH)) - 1;
  while (!passes(end(k))) k++;
  return k;
}

const end = (k: number): number => Math.min(GROWTH ** k, Number.MAX_VALUE);
