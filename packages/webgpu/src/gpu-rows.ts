/// <reference types="@webgpu/types" />

/** 32-bit words of a tally. */
export const TALLY_WORDS = 8;

/** Rows in the memory of the device: float32, row-major without gaps. */
export interface GpuRows {
  /** The most there can be; how many there are is known to the device alone, until it tells in the tally. */
  readonly count: number;
  readonly features: number;
  readonly buffer: GPUBuffer;
  /** Its first word is the number of rows. A pass reads it back with its results and sets it to zeros. */
  readonly tally: GPUBuffer;
}
