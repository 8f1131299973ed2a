import { loadKernel } from "@delve/kernel";
import { timed } from "./clock.mjs";

/** Rows × features of the batches that are timed. */
export const SHAPES = [
  [64, 1000],
  [1024, 256],
  [65536, 64],
  [16384, 256],
  [4096, 512],
  [2048, 2048],
  [1024, 4096],
];

/** Useful operations of one batch: a multiplication and an addition for each element of the triangle and each row. */
export const operations = ([rows, d]) => rows * d * (d + 1);

/**
 * How often a batch is given for one sample of time: small ones gather in a panel of 256 rows, so that only a whole
 * panel's worth of them is a fair sample.
 */
export const repeats = ([rows]) => Math.max(1, 256 / rows);

/** The builds of the kernel that run here. */
export async function openKernels() {
  const plain = await loadKernel({ simd: "plain" });
  const fastest = await loadKernel();
  return fastest.simd === "plain" ? { plain } : { plain, relaxed: fastest };
}

/** Moments of a kernel, and a sampler of the milliseconds that one batch takes. */
export function openUpdates(kernel, data, [rows, features]) {
  const moments = kernel.createMoments(features);
  const batch = { data, rows, features, rowStride: features, featureStride: 1 };
  const repeat = repeats([rows]);
  const sample = () => {
    const all = timed(() => {
      for (let i = 0; i < repeat; i++) moments.update(batch);
    });
    return all / repeat;
  };
  return { moments, batch, sample };
}
