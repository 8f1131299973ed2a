/// <reference types="@webgpu/types" />
import type { NonFiniteError } from "@delve/kernel";
import { nonFiniteSample } from "@delve/kernel/validation";
import type { Halves } from "./halves.js";

/** 32-bit words of a tally. */
export const TALLY_WORDS = 4;

/** Rows in the memory of the device: float32, row-major without gaps. */
export interface GpuRows {
  /** The most there can be; how many there are is known to the device alone, until it tells in the tally. */
  readonly count: number;
  /** Numbers of a row: with halves, twice as many as it has values. */
  readonly features: number;
  /** `null` if each number is a value. */
  readonly halves: Halves | null;
  readonly buffer: GPUBuffer;
  /** What the struct `Tally` says, the number of rows first. A pass reads it with its results. */
  readonly tally: GPUBuffer;
}

/** How many rows there were. */
export function countOf(tally: Uint32Array): number {
  return tally[0]!;
}

/** Why a batch was left out, if one was. */
export function refusalOf(tally: Uint32Array, features: number): NonFiniteError | null {
  const [, refused, invertedElement, bits] = tally;
  if (refused === 0) return null;
  const element = ~invertedElement! >>> 0;
  const value = new Float32Array(Uint32Array.of(bits!).buffer)[0]!;
  return nonFiniteSample("updateGpu", Math.floor(element / features), element % features, value);
}
