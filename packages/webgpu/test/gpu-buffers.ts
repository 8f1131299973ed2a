/// <reference types="@webgpu/types" />
import type { GpuValues, SampleMatrix } from "@delve/kernel";

export const STORAGE = 128;
export const COPY_SRC = 4;
const COPY_DST = 8;

/** How values lie in a buffer. */
export interface Placed {
  /** Bytes before them, and after them; filled with NaN. */
  readonly before?: number;
  readonly after?: number;
  readonly usage?: number;
}

/** Values in a buffer of a device, as a framework would leave them there. */
export function gpuValues(
  device: GPUDevice,
  data: ArrayLike<number>,
  { before = 0, after = 0, usage = STORAGE }: Placed = {},
): GpuValues & { readonly buffer: GPUBuffer } {
  const all = new Float32Array((before + after) / 4 + data.length).fill(Number.NaN);
  all.set(data, before / 4);
  const buffer = device.createBuffer({ size: all.byteLength, usage: usage | COPY_DST });
  device.queue.writeBuffer(buffer, 0, all);
  return { device, buffer, byteOffset: before, byteLength: 4 * data.length };
}

/** The same samples in a buffer. */
export function onGpu(device: GPUDevice, samples: SampleMatrix, placed?: Placed) {
  return { ...samples, data: gpuValues(device, samples.data, placed) };
}

/** Counts the bytes that a device lets the processor read, until `restore`. */
export function countMappedBytes(device: GPUDevice): { readonly bytes: number; restore(): void } {
  const { createBuffer } = device;
  const counter = { bytes: 0, restore: () => Object.assign(device, { createBuffer }) };
  device.createBuffer = (descriptor) => {
    const buffer = createBuffer.call(device, descriptor);
    const { mapAsync } = buffer;
    buffer.mapAsync = (mode, offset = 0, size = buffer.size - offset) => {
      counter.bytes += size;
      return mapAsync.call(buffer, mode, offset, size);
    };
    return buffer;
  };
  return counter;
}
