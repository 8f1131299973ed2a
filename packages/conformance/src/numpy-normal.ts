/**
 * The standard normal numbers that NumPy draws after `np.random.seed(seed)`, one a call: Mersenne Twister
 * (M. Matsumoto, T. Nishimura 1998) and the polar method (G. Marsaglia, T. A. Bray 1964). With them a random result
 * of Python's can be had again.
 *
 * @param seed - From 0 to 2^32 − 1.
 */
export function numpyNormal(seed: number): () => number {
  const uniform = uniform53(mersenneTwister(seed));
  let spare: number | null = null;
  return () => {
    if (spare !== null) {
      const value = spare;
      spare = null;
      return value;
    }
    for (;;) {
      const [a, b] = [2 * uniform() - 1, 2 * uniform() - 1];
      const square = a * a + b * b;
      if (square >= 1 || square === 0) continue;
      const factor = Math.sqrt((-2 * Math.log(square)) / square);
      spare = factor * a;
      return factor * b;
    }
  };
}

/** Numbers in [0, 1) of 53 bits, each from two words. */
function uniform53(word: () => number): () => number {
  return () => {
    const [high, low] = [word() >>> 5, word() >>> 6];
    return (high * 2 ** 26 + low) / 2 ** 53;
  };
}

const [WORDS, MIDDLE] = [624, 397];

/** Words of 32 bits. */
function mersenneTwister(seed: number): () => number {
  const state = new Uint32Array(WORDS);
  state[0] = seed;
  for (let i = 1; i < WORDS; i++) {
    const before = state[i - 1]!;
    state[i] = Math.imul(1812433253, before ^ (before >>> 30)) + i;
  }
  let next = WORDS;
  return () => {
    if (next === WORDS) {
      twist(state);
      next = 0;
    }
    let word = state[next++]!;
    word ^= word >>> 11;
    word ^= (word << 7) & 0x9d2c5680;
    word ^= (word << 15) & 0xefc60000;
    return (word ^ (word >>> 18)) >>> 0;
  };
}

function twist(state: Uint32Array): void {
  for (let i = 0; i < WORDS; i++) {
    const joined = (state[i]! & 0x80000000) | (state[(i + 1) % WORDS]! & 0x7fffffff);
    state[i] = state[(i + MIDDLE) % WORDS]! ^ (joined >>> 1) ^ (joined & 1 ? 0x9908b0df : 0);
  }
}
