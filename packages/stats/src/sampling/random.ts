/** Numbers in (0, 1), never 0 or 1, evenly distributed. */
export type Random = () => number;

/**
 * A generator that gives the same numbers for the same seed, everywhere: sfc32 of C. Doty-Humphrey (PractRand), a
 * counter mixed into 96 bits of chaotic state. Not for secrets.
 *
 * @param seed - A whole number.
 */
export function seededRandom(seed: number): Random {
  let a = seed >>> 0;
  let b = Math.floor(seed / 2 ** 32) >>> 0;
  let c = 0x9e3779b9;
  let counter = 1;
  const next = (): number => {
    const mixed = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + mixed;
    return mixed >>> 0;
  };
  // The first numbers of neighbouring seeds resemble each other.
  for (let i = 0; i < 16; i++) next();
  return () => (next() + 0.5) / 2 ** 32;
}
