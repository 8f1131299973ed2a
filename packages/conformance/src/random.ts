/** A source of pseudo-random numbers that gives the same numbers for the same seed, everywhere. */
export interface Random {
  /** Uniform in [0, 1), 32 bits fine. */
  uniform(): number;
  /** Of the standard normal distribution. */
  normal(): number;
  /** An integer in [0, below). */
  integer(below: number): number;
  /** The items in random order, as a new array. */
  shuffle<T>(items: readonly T[]): T[];
}

/**
 * A seeded source of random numbers (mulberry32: a 32-bit counter, mixed by two multiplications).
 *
 * @example
 * seededRandom(7).integer(100) === seededRandom(7).integer(100); // true
 */
export function seededRandom(seed: number): Random {
  let counter = seed | 0;
  const uniform = () => {
    counter = (counter + 0x6d2b79f5) | 0;
    let bits = Math.imul(counter ^ (counter >>> 15), counter | 1);
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61);
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
  };
  const integer = (below: number) => Math.floor(uniform() * below);
  return {
    uniform,
    integer,
    // G. E. P. Box, M. E. Muller (1958). 1 − u is never zero.
    normal: () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform()),
    shuffle(items) {
      const shuffled = [...items];
      for (let i = shuffled.length - 1; i > 0; i--) {
        const j = integer(i + 1);
        [shuffled[i], shuffled[j]] = [shuffled[j]!, shuffled[i]!];
      }
      return shuffled;
    },
  };
}
