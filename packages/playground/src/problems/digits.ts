import { interpolate } from "@delve/stats";
import type { Dataset, Samples } from "./dataset.js";
import { type Random, seededRandom, shuffled } from "./random.js";

/** Pixels along a side, as scanned. */
const SIDE = 8;
const PIXELS = SIDE * SIDE;
const TRAIN = 640;
const HELD_OUT = 320;

/** A handwritten digit: ink of each pixel from 0 to 1, and what it stands for. */
interface Digit {
  readonly pixels: Float32Array;
  readonly label: number;
}

/**
 * The handwritten digits, read from the text of `examples/data/digits.csv`.
 *
 * The rows are mixed, the same way each time, so that neighbours in the file, which tend to come from one hand, fall on both sides.
 *
 * @param noise - Standard deviation of what is added to the ink of every pixel, from 0 to 1.
 * @param resolution - Pixels along a side to enlarge to.
 * @throws {Error} If a row has not 64 pixels and a class.
 */
export function digitsDataset(
  csv: string,
  { noise, seed, resolution }: { readonly noise: number; readonly seed: number; readonly resolution: number },
): Dataset {
  const digits = shuffled(csv.trim().split("\n").map(digitOf), seededRandom(seed));
  const random = seededRandom(seed + 1);
  const samples = (rows: readonly Digit[]): Samples => ({
    inputs: enlarged(joined(rows.map(({ pixels }) => noisy(pixels, noise, random))), resolution),
    classes: Uint8Array.from(rows, ({ label }) => label),
  });
  return {
    shape: [resolution, resolution, 1],
    classes: 10,
    train: samples(digits.slice(0, TRAIN)),
    heldOut: samples(digits.slice(TRAIN, TRAIN + HELD_OUT)),
  };
}

function digitOf(row: string): Digit {
  const numbers = row.split(",").map(Number);
  if (numbers.length !== PIXELS + 1 || numbers.some((value) => !Number.isFinite(value))) {
    throw new Error(`digitsDataset: a row must have ${PIXELS + 1} numbers, got "${row.slice(0, 40)}"`);
  }
  return { pixels: Float32Array.from(numbers.slice(0, PIXELS), (ink) => ink / 16), label: numbers[PIXELS]! };
}

function noisy(pixels: Float32Array, noise: number, { normal }: Random): Float32Array {
  return noise === 0 ? pixels : pixels.map((ink) => ink + noise * normal());
}

/** Between pixels linearly: nothing is added that was not in them, only the filters see a larger picture. */
function enlarged(data: Float32Array, size: number): Float32Array {
  if (size === SIDE) return data;
  const shape = [data.length / PIXELS, SIDE, SIDE, 1];
  return interpolate({ data, shape, kind: "conv" }, size, "bilinear").data as Float32Array;
}

function joined(parts: readonly Float32Array[]): Float32Array {
  const result = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let place = 0;
  for (const part of parts) {
    result.set(part, place);
    place += part.length;
  }
  return result;
}
