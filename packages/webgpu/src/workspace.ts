/// <reference types="@webgpu/types" />

/** Buffers that kernels work in; each grows to the largest size asked for and is used by pass after pass. */
export type WorkBuffer =
  | "rows"
  | "extremes"
  | "means"
  | "grid"
  | "columnSums"
  | "operands"
  | "products"
  | "limbs";

/** Readback buffers that wait for the next pass. */
const MOST_IDLE = 4;

/** Bits of GPUBufferUsage, which is no global where WebGPU is an npm package. */
export const USAGE: Readonly<
  Record<"mapRead" | "copySource" | "copyTarget" | "uniform" | "storage", number>
> = { mapRead: 1, copySource: 4, copyTarget: 8, uniform: 64, storage: 128 };

/** GPUMapMode.READ. */
export const MAP_READ: number = 1;

/**
 * The memory of a device that the passes of all accumulators share. They may: what is submitted first is done first.
 */
export class Workspace {
  readonly params: GPUBuffer;
  readonly #device: GPUDevice;
  readonly #buffers = new Map<WorkBuffer, GPUBuffer>();
  #idle: GPUBuffer[] = [];
  #disposed = false;

  constructor(device: GPUDevice) {
    this.#device = device;
    this.params = device.createBuffer({ size: 32, usage: USAGE.uniform | USAGE.copyTarget });
  }

  /** The buffer of this name, as a binding of exactly `size` bytes; what it held is undefined. */
  take(name: WorkBuffer, size: number): GPUBufferBinding & { buffer: GPUBuffer } {
    let buffer = this.#buffers.get(name);
    if (buffer === undefined || buffer.size < size) {
      // What was submitted with the old one keeps it until it is done.
      buffer?.destroy();
      const usage = USAGE.storage | USAGE.copySource | USAGE.copyTarget;
      buffer = this.#device.createBuffer({ label: `delve ${name}`, size, usage });
      this.#buffers.set(name, buffer);
    }
    return { buffer, size };
  }

  /** A buffer of at least `size` bytes to copy results to. */
  takeReadback(size: number): GPUBuffer {
    const at = this.#idle.findIndex((buffer) => buffer.size >= size && buffer.size <= 4 * size);
    if (at >= 0) return this.#idle.splice(at, 1)[0]!;
    return this.#device.createBuffer({
      label: "delve readback",
      size,
      usage: USAGE.mapRead | USAGE.copyTarget,
    });
  }

  /** What the device has copied to the first `size` bytes of a readback buffer, which is given back. */
  async read(buffer: GPUBuffer, size: number): Promise<Uint32Array> {
    let words: Uint32Array;
    try {
      await buffer.mapAsync(MAP_READ, 0, size);
      words = new Uint32Array(buffer.getMappedRange(0, size)).slice();
    } catch (error) {
      buffer.destroy();
      throw error;
    }
    buffer.unmap();
    if (this.#disposed || this.#idle.length >= MOST_IDLE) buffer.destroy();
    else this.#idle.push(buffer);
    return words;
  }

  /** Frees what kernels work in: a buffer that the device had no memory for is not to be used again. */
  clear(): void {
    for (const buffer of [...this.#buffers.values(), ...this.#idle]) buffer.destroy();
    this.#buffers.clear();
    this.#idle = [];
  }

  /** Frees everything. Idempotent. */
  dispose(): void {
    this.#disposed = true;
    this.params.destroy();
    this.clear();
  }
}
