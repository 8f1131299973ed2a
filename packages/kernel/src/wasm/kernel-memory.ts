import { OutOfMemoryError } from "../errors.js";
import type { Address, KernelExports } from "./kernel-exports.js";

/**
 * The memory of one kernel instance: blocks of it, and views into them.
 *
 * Growing memory detaches every view made before, so views are asked for when they are used and never kept.
 */
export class KernelMemory {
  readonly #kernel: KernelExports;
  #f32: Float32Array = new Float32Array(0);
  #f64: Float64Array = new Float64Array(0);

  constructor(kernel: KernelExports) {
    this.#kernel = kernel;
  }

  /** All of memory as float32; valid until the next `allocate`. */
  get f32(): Float32Array {
    if (this.#f32.buffer !== this.#kernel.memory.buffer)
      this.#f32 = new Float32Array(this.#kernel.memory.buffer);
    return this.#f32;
  }

  /** All of memory as float64; valid until the next `allocate`. */
  get f64(): Float64Array {
    if (this.#f64.buffer !== this.#kernel.memory.buffer)
      this.#f64 = new Float64Array(this.#kernel.memory.buffer);
    return this.#f64;
  }

  /** Bytes of memory that the instance holds; it never shrinks. */
  get size(): number {
    return this.#kernel.memory.buffer.byteLength;
  }

  /**
   * A block of memory, on a cache line, of undefined contents.
   *
   * @throws {OutOfMemoryError} If memory cannot grow so far; everything is as before.
   */
  allocate(caller: string, bytes: number): Address {
    const address = this.tryAllocate(bytes);
    if (address !== undefined) return address;
    throw new OutOfMemoryError(
      `${caller}: the kernel's memory must hold ${bytes} more bytes, got no room beyond ${this.size}`,
    );
  }

  /** As `allocate`, with undefined for an answer where there is no room. */
  tryAllocate(bytes: number): Address | undefined {
    // Addresses from 2 GiB on come out of Wasm as negative numbers.
    const address = this.#kernel.allocate(bytes) >>> 0;
    return address === 0 ? undefined : address;
  }

  release(address: Address): void {
    this.#kernel.release(address);
  }

  /** Copies a block onto another; both are multiples of 8 bytes. */
  copyBlock(to: Address, from: Address, bytes: number): void {
    this.f64.copyWithin((to >>> 0) / 8, (from >>> 0) / 8, ((from >>> 0) + bytes) / 8);
  }

  /** A copy of `length` float64 values. */
  copyOut(address: Address, length: number): Float64Array {
    const start = (address >>> 0) / 8;
    return this.f64.slice(start, start + length);
  }

  /** Copies float64 values in. */
  copyIn(values: Float64Array, address: Address): void {
    this.f64.set(values, (address >>> 0) / 8);
  }
}
