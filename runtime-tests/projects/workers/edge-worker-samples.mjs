/** Numbers of a sample. */
export const FEATURES = 96;

/**
 * Samples in a few directions, with a little noise in all others.
 *
 * @param {number} seed
 * @param {{ rows: number, directions?: number, mean?: number }} options
 */
export function batchOf(seed, { rows, directions = 10, mean = 3 }) {
  const random = uniform(seed);
  const data = new Float32Array(rows * FEATURES);
  for (let row = 0; row < rows; row++) {
    const weights = Array.from({ length: directions }, random);
    for (let j = 0; j < FEATURES; j++) {
      const along = weights.reduce(
        (sum, weight, i) => sum + weight * Math.sin(7.1 * i + 0.37 * j * (i + 1)),
        0,
      );
      data[row * FEATURES + j] = mean + along + 0.001 * random();
    }
  }
  const shape = [rows, FEATURES];
  const asRows = () =>
    Array.from({ length: rows }, (_, row) => [...data.subarray(row * FEATURES, (row + 1) * FEATURES)]);
  return { data, shape, rows: asRows };
}

/** Numbers from −1 to 1, the same for the same seed. */
function uniform(seed) {
  let state = Math.imul(seed + 1, 0x9e3779b1) >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state / 2 ** 32) * 2 - 1;
  };
}
