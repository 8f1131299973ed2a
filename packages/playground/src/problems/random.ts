/** Random numbers of one seed: the same on every machine. */
export interface Random {
  /** Uniform in [0, 1). */
  uniform(): number;
  /** Standard normal. */
  normal(): number;
}

/**
 * Random numbers from a seed (T. Ettinger's mulberry32: 32 bits of state, plenty for a few thousand points).
 *
 * @param seed - A whole number.
 * @example
 * seededRandom(1).uniform() === seededRandom(1).uniform(); // true
 */
export function seededRandom(seed: number): Random {
  // Seeds that follow one another would begin alike.
  let state = Math.imul(seed + 1, 0x9e3779b9);
  const uniform = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  // Box and Muller; 1 − u is never 0.
  const normal = () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
  return { uniform, normal };
}

/** The same items in random order (Fisher and Yates). */
export function shuffled<T>(items: Iterable<T>, { uniform }: Random): T[] {
  const result = [...items];
  for (let i = result.length - 1; i > 0; i--) {
    const j = Math.floor(uniform() * (i + 1));
    [result[i], result[j]] = [result[j]!, result[i]!];
  }
  return result;
}
