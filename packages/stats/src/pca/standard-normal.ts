import type { Random } from "../sampling/random.js";

/**
 * Independent numbers from the standard normal distribution, two from each pair of even ones (G. E. P. Box,
 * M. E. Muller, "A note on the generation of random normal deviates", 1958).
 */
export function standardNormal(random: Random): () => number {
  let spare: number | null = null;
  return () => {
    if (spare !== null) {
      const value = spare;
      spare = null;
      return value;
    }
    const radius = Math.sqrt(-2 * Math.log(random()));
    const angle = 2 * Math.PI * random();
    spare = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  };
}
