/** Seeded 32-bit generator (mulberry32); the same numbers on every machine. */
export function random(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/**
 * rows × features float32 samples whose variance falls like 1 / feature, about a mean of a few deviations: like the
 * output of a layer, neither centred nor white.
 */
export function layerLike(rows, features, seed) {
  const next = random(seed);
  const data = new Float32Array(rows * features);
  for (let i = 0; i < data.length; i++) {
    const feature = i % features;
    // The sum of three uniform numbers is near enough to a normal one, and far cheaper.
    const noise = 2 * (next() + next() + next()) - 3;
    data[i] = noise / Math.sqrt(1 + feature) + Math.cos(feature);
  }
  return data;
}
