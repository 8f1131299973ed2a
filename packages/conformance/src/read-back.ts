/** Samples of a pass of `@delve/webgpu`. */
const PASS = 16_384;

/**
 * Bytes that `@delve/webgpu` reads back for the samples of a layer on the device, in the mode "exact": for each pass, sums of
 * 96 bits in tiles of 32 × 32 elements, four words a feature, and four for all.
 */
export function readBackBytes(samples: number, features: number): number {
  const tiles = Math.ceil((features + 1) / 32);
  return Math.ceil(samples / PASS) * (((tiles * (tiles + 1)) / 2) * 32 * 32 * 12 + 16 * features + 16);
}
