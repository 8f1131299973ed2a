/// <reference types="@webgpu/types" />
import {
  type GpuSamples,
  type GpuValues,
  OutOfMemoryError,
  type Pool,
  type PoolMethod,
  ShapeError,
} from "@delve/kernel";
import { type CheckedSamples, checkView, touchedRange } from "@delve/kernel/validation";
import { USAGE } from "./workspace.js";

/** A batch where a framework has left it, as a binding that kernels can read. */
export interface GpuSource {
  /** Its offset counts from the start of the binding. */
  readonly view: CheckedSamples<GpuValues>;
  readonly pool: Pool | null;
  readonly buffer: GPUBuffer;
  /** Of the values that belong to the batch, and what stands before them for the sake of alignment. */
  readonly byteOffset: number;
  readonly byteLength: number;
}

/** What is made of many values on the device. */
export const POOL_METHODS: readonly PoolMethod[] = ["mean", "max", "median"];

/** Values of a batch: they are numbered in 32 bits. */
const MOST_VALUES = 2 ** 32 - 1;

/** Values in the place of one; the sum of more would lose too many digits. */
const MOST_POOLED = 2 ** 24;

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
  const pool = checkPool(samples, features);
  if (view.rows === 0) return { view, pool, buffer, byteOffset: 0, byteLength: 0 };
  const [first, last] = pooledRange(view, pool);
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
  return { view: { ...view, offset }, pool, buffer, byteOffset, byteLength };
}

/** A view with many values in the place of one lies inside its data if it does so at the first and at the last of them. */
function checkPool(samples: GpuSamples, features: number): Pool | null {
  const { pool = null, data, offset = 0 } = samples;
  if (pool === null) return null;
  if (!POOL_METHODS.includes(pool.method)) {
    throw new ShapeError(
      `updateGpu: pool.method must be one of ${POOL_METHODS.join(", ")}, got ${pool.method}`,
    );
  }
  if (!(Number.isSafeInteger(pool.count) && pool.count >= 1 && pool.count <= MOST_POOLED)) {
    throw new ShapeError(`updateGpu: pool.count must be from 1 to ${MOST_POOLED}, got ${pool.count}`);
  }
  if (!Number.isSafeInteger(pool.stride)) {
    throw new ShapeError(`updateGpu: pool.stride must be an integer, got ${pool.stride}`);
  }
  const last = { ...samples, offset: offset + (pool.count - 1) * pool.stride };
  checkView("updateGpu", last, features, data.byteLength / 4);
  return pool;
}

function pooledRange(view: CheckedSamples<GpuValues>, pool: Pool | null): [first: number, last: number] {
  const [first, last] = touchedRange(view);
  const span = pool === null ? 0 : (pool.count - 1) * pool.stride;
  return [first + Math.min(0, span), last + Math.max(0, span)];
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
