/**
 * Weights of a network that nobody has trained: normal numbers, the same every time, scaled so that the values in the
 * network neither grow nor fade from layer to layer.
 *
 * @param {number} seed
 */
export function randomWeights(seed) {
  const next = seededRandom(seed);
  const normal = () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
  /** A weight of which each output sums over `fanIn` inputs. */
  return (name, dims, fanIn) => {
    const count = dims.reduce((a, b) => a * b, 1);
    const deviation = Math.sqrt(2 / fanIn);
    return { name, dims, data: Float32Array.from({ length: count }, () => deviation * normal()) };
  };
}

/** Numbers from 0 to 1 (mulberry32). */
export function seededRandom(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
