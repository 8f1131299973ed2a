/// <reference types="@webgpu/types" />
import { type GpuSamples, type GpuValues, OutOfMemoryError, ShapeError } from "@delve/kernel";
import { type CheckedSamples, checkView, touchedRange } from "@delve/kernel/validation";
import { USAGE } from "./workspace.js";

/** A batch where a framework has left it, as a binding that kernels can read. */
export interface GpuSource {
  /** Its offset counts from the start of the binding. */
  readonly view: CheckedSamples<GpuValues>;
  readonly buffer: GPUBuffer;
  /** Of the values that belong to the batch, and what stands before them for the sake of alignment. */
  readonly byteOffset: number;
  readonly byteLength: number;
}

/** Values of a batch: they are numbered in 32 bits. */
const MOST_VALUES = 2 ** 32 - 1;

/**
 * Checks a batch in a buffer, of which no more is bound than belongs to it.
 *
 * @throws {TypeError} If it is no buffer of the device, or one that can be neither bound nor copied.
 * @throws {ShapeError} If the view does not fit its values, or they the buffer.
 * @throws {OutOfMemoryError} If it is more than the device can bind.
 */
export function gpuSource(device: GPUDevice, samples: GpuSamples, features: number): GpuSource {
  const { data } = samples;
  const buffer = bufferOf(device, data);
  const view = checkView("updateGpu", samples, features, data.byteLength / 4);
  if (view.rows === 0) return { view, buffer, byteOffset: 0, byteLength: 0 };
  const [first, last] = touchedRange(view);
  const [begin, end] = [data.byteOffset + 4 * first, data.byteOffset + 4 * (last + 1)];
  const byteOffset = begin - (begin % device.limits.minStorageBufferOffsetAlignment);
  const byteLength = end - byteOffset;
  const { maxStorageBufferBindingSize: most } = device.limits;
  if (byteLength > most || view.rows * features > MOST_VALUES) {
    throw new OutOfMemoryError(
      `updateGpu: the batch must fit a binding of the GPU of ${most} bytes, got ${byteLength}`,
    );
  }
  const offset = view.offset + (data.byteOffset - byteOffset) / 4;
  return { view: { ...view, offset }, buffer, byteOffset, byteLength };
}

function bufferOf(
  device: GPUDevice,
  { device: theirs, buffer, byteOffset, byteLength }: GpuValues,
): GPUBuffer {
  if (theirs !== device) {
    throw new TypeError("updateGpu: the buffer must be of the backend's own device, got one of another");
  }
  const { size, usage } = buffer as Partial<GPUBuffer>;
  if (typeof size !== "number" || typeof usage !== "number") {
    throw new TypeError("updateGpu: buffer must be a GPUBuffer, got something else");
  }
  if ((usage & (USAGE.storage | USAGE.copySource)) === 0) {
    throw new TypeError(`updateGpu: the buffer must have the usage STORAGE or COPY_SRC, got usage ${usage}`);
  }
  const inWords = byteOffset % 4 === 0 && byteLength % 4 === 0;
  if (!(inWords && byteOffset >= 0 && byteLength >= 0 && byteOffset + byteLength <= size)) {
    const got = `byteOffset ${byteOffset} and byteLength ${byteLength}`;
    throw new ShapeError(
      `updateGpu: the values must be whole and inside the buffer of ${size} bytes, got ${got}`,
    );
  }
  return buffer as GPUBuffer;
}
