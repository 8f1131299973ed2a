// What every implementation of WebGPU is given, and the bits that it makes of it. Bundled, it runs in Node, Deno and pages.
import { type Random, seededRandom } from "@delve/conformance/random";
import type { MomentsState, SampleMatrix } from "@delve/kernel";
import { openWebGPU, type ProductKernel } from "../../src/index.js";

/**
 * Values by row and feature. Only sums and products of random integers, which every engine rounds alike: a logarithm or
 * a cosine may differ in its last bit, and the samples would with it.
 */
const DATA: Readonly<Record<string, (random: Random) => (row: number, feature: number) => number>> = {
  bell: (random) => () => bell(random),
  "an offset of 1e7": (random) => () => 1e7 + bell(random),
  "one outlier of 1e6": (random) => (r, f) => bell(random) + (r === 7 && f % 2 === 0 ? 1e6 : 0),
  subnormal: (random) => () => 2 ** -140 * bell(random),
  huge: (random) => (_, f) => 2 ** 117 * (1 + f) * bell(random),
  "scales that differ": (random) => (_, f) => 4 ** ((f % 16) - 8) * bell(random),
  relu: (random) => () => Math.max(0, bell(random)),
  constant: (random) => (_, f) => (f % 2 === 0 ? 0.1 : bell(random)),
};

/** Rows and features: one word, ragged tiles, several tiles, two passes; and the data that they hold. */
const SHAPES: readonly [rows: number, features: number, data: readonly string[]][] = [
  [9, 1, Object.keys(DATA)],
  [301, 33, Object.keys(DATA)],
  [500, 70, Object.keys(DATA)],
  // A GPU in software takes as long for these as for all others.
  [17_000, 3, ["an offset of 1e7"]],
];

/** A hash of the samples and one of the state, by the name of the case. */
export type Bits = Record<string, [samples: string, state: string]>;

/** The bits of all cases on one implementation, by what products are summed in. */
export async function bitsOf(gpu: object, kernels: readonly ProductKernel[]): Promise<Record<string, Bits>> {
  const bits: Record<string, Bits> = {};
  for (const products of kernels) bits[products] = await bitsOfKernel(gpu, products);
  return bits;
}

async function bitsOfKernel(gpu: object, products: ProductKernel): Promise<Bits> {
  using backend = await openWebGPU({ gpu, software: true, products });
  const bits: Bits = {};
  for (const [rows, features, data] of SHAPES) {
    for (const name of data) {
      for (const single of [true, false]) {
        const samples = channelsFirst(rows, features, DATA[name]!(seededRandom(rows + features)), single);
        using moments = backend.createMoments(features);
        moments.update(samples);
        const state = await moments.state();
        const title = `${single ? "float32" : "float64"} ${rows} × ${features}, ${name}`;
        bits[title] = [await hash([samples.data]), await hash(partsOf(state))];
      }
    }
  }
  return bits;
}

/** Near enough to a normal distribution of a standard deviation of 1: the sum of three uniform numbers. */
function bell(random: Random): number {
  return 2 * (random.uniform() + random.uniform() + random.uniform()) - 3;
}

/** Column-major, as a layer of one image with its channels first. */
function channelsFirst(
  rows: number,
  features: number,
  value: (row: number, feature: number) => number,
  single: boolean,
): SampleMatrix {
  const data = single ? new Float32Array(rows * features) : new Float64Array(rows * features);
  for (let f = 0; f < features; f++) {
    for (let r = 0; r < rows; r++) data[f * rows + r] = value(r, f);
  }
  return { data, rows, features, rowStride: 1, featureStride: rows };
}

function partsOf({ count, shift, offset, scatter }: MomentsState): Float64Array[] {
  return [Float64Array.of(count), shift, offset, scatter];
}

/** The first half of the SHA-256 of all bytes, in hexadecimal digits. */
async function hash(parts: readonly (Float32Array | Float64Array)[]): Promise<string> {
  const bytes = await new Blob([...parts]).arrayBuffer();
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(digest.subarray(0, 16), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
