/// <reference types="@webgpu/types" />
import { BackendUnavailableError } from "@delve/kernel";
import { ProductTrial } from "./product-trial.js";
import { compile } from "./programs.js";
import { byteProducts, DOT4_PRODUCTS } from "./wgsl/products.js";
import { SCALED_PRODUCTS } from "./wgsl/scaled.js";

/**
 * What a GPU sums the products of slices in: "dot4" 8-bit integers, four products at a time (`dot4I8Packed`); "i32" 32-bit
 * integers; "f32" float32, of which it uses no more than the exact integers. All give the same bits.
 */
export type ProductKernel = "dot4" | "f32" | "i32";

const CODES: Readonly<Record<ProductKernel, string>> = {
  dot4: DOT4_PRODUCTS,
  f32: byteProducts("f32"),
  i32: byteProducts("i32"),
};

/** Values of the option `products`. */
export const PRODUCTS: readonly ("auto" | ProductKernel)[] = ["auto", "dot4", "f32", "i32"];

/** What a measurement should take at least, in milliseconds; the clocks of browsers are coarse. */
const LONG_ENOUGH = 5;

/** A compiled kernel of products. */
export interface ChosenProducts {
  readonly kernel: ProductKernel;
  readonly pipeline: GPUComputePipeline;
}

/**
 * Compiles kernels of products, tries them on known slices, and times those that are right.
 *
 * @param kernels - Those to choose from.
 * @param trial - Tries and times them; it is disposed.
 * @throws {BackendUnavailableError} If none of them gives the right sums.
 */
export async function chooseProducts(
  device: GPUDevice,
  kernels: readonly ProductKernel[],
  trial: ProductTrial = new ProductTrial(device),
): Promise<ChosenProducts> {
  // A compiler that cannot cope with one of them may do with another.
  const compiled = await Promise.allSettled(
    kernels.map(async (kernel) => ({ kernel, pipeline: await compile(device, kernel, CODES[kernel]) })),
  );
  try {
    const right: ChosenProducts[] = [];
    for (const outcome of compiled) {
      if (outcome.status === "fulfilled" && (await trial.isRight(outcome.value.pipeline))) {
        right.push(outcome.value);
      }
    }
    if (right.length === 0) {
      const tried = kernels.join(", ");
      throw new BackendUnavailableError(
        `openWebGPU: a kernel must sum products of integers exactly on this device, got none that does of ${tried}`,
      );
    }
    return right.length === 1 ? right[0]! : await fastest(trial, right);
  } finally {
    trial.dispose();
  }
}

/** The kernel of products of the mode "fast", which has no other. */
export async function scaledProducts(device: GPUDevice): Promise<ChosenProducts> {
  return { kernel: "f32", pipeline: await compile(device, "scaled products", SCALED_PRODUCTS) };
}

/** The one that takes the least time for the same work, which is so much that the first is not too short to be timed. */
async function fastest(trial: ProductTrial, candidates: readonly ChosenProducts[]): Promise<ChosenProducts> {
  const { pipeline } = candidates[0]!;
  let amount = 0;
  while (amount < trial.amounts - 1 && (await trial.time(pipeline, amount)) < LONG_ENOUGH) amount++;
  const times: number[] = [];
  for (const candidate of candidates) {
    const first = await trial.time(candidate.pipeline, amount);
    times.push(Math.min(first, await trial.time(candidate.pipeline, amount)));
  }
  return candidates[times.indexOf(Math.min(...times))]!;
}
