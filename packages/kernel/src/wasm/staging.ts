import type { CheckedSamples } from "../validate.js";
import type { Address, KernelExports, StridedArguments } from "./kernel-exports.js";
import type { KernelMemory } from "./kernel-memory.js";
import { type Piece, planPieces } from "./staging-plan.js";

/**
 * Size of the staging area, except for a single, enormous sample. A second-level cache holds it, so that a large
 * batch costs less copied twice, to be looked at and to be accumulated, than kept in memory of its own.
 */
const STAGING_BYTES = 1 << 18;

/** Samples that lie in the kernel's memory. */
export interface StagedSamples {
  readonly x: Address;
  readonly rows: number;
  readonly strides: StridedArguments;
}

/**
 * The area of the kernel's memory through which samples enter it, in the precision they have. One for all
 * accumulators of an instance: nothing stays in it between calls.
 */
export class Staging {
  readonly #kernel: KernelExports;
  readonly #memory: KernelMemory;
  #address: Address = 0;
  #bytes = 0;

  constructor(kernel: KernelExports, memory: KernelMemory) {
    this.#kernel = kernel;
    this.#memory = memory;
  }

  /**
   * An area of at least `least` bytes, of STAGING_BYTES if there is room.
   *
   * @throws {OutOfMemoryError} If there is no room for `least` bytes.
   */
  reserve(caller: string, least: number): { address: Address; bytes: number } {
    const wanted = Math.max(STAGING_BYTES, nextPowerOfTwo(least));
    if (wanted > this.#bytes) this.#grow(caller, least, wanted);
    return { address: this.#address, bytes: this.#bytes };
  }

  /** Where there is no room for all of it, half will do, and so on; batches then go over in more pieces. */
  #grow(caller: string, least: number, wanted: number): void {
    let bytes = wanted;
    let address = this.#memory.tryAllocate(bytes);
    while (address === undefined && bytes / 2 > Math.max(least, this.#bytes)) {
      bytes /= 2;
      address = this.#memory.tryAllocate(bytes);
    }
    if (address !== undefined) this.#replace(address, bytes);
    else if (least > this.#bytes) this.#replace(this.#memory.allocate(caller, least), least);
  }

  #replace(address: Address, bytes: number): void {
    this.#memory.release(this.#address);
    this.#address = address;
    this.#bytes = bytes;
  }

  /** Cuts a view into pieces that the area can take, one at a time. */
  plan(caller: string, view: CheckedSamples): Piece[] {
    if (view.rows === 0) return [];
    const size = view.data.BYTES_PER_ELEMENT;
    const { bytes } = this.reserve(caller, view.features * size);
    return planPieces(view, Math.floor(bytes / size));
  }

  /** Copies a piece in; it is there until the next call. */
  stage(data: CheckedSamples["data"], piece: Piece): StagedSamples {
    const size = data.BYTES_PER_ELEMENT;
    const target = isSingle(data) ? this.#memory.f32 : this.#memory.f64;
    let [from, to] = [piece.from, this.#address / size];
    for (let i = 0; i < piece.count; ++i) {
      target.set(data.subarray(from, from + piece.length), to);
      from += piece.fromStep;
      to += piece.toStep;
    }
    const { rowStride, featureStride, blockRows, blockStride } = piece;
    return {
      x: this.#address + piece.origin * size,
      rows: piece.rows,
      strides: [rowStride * size, featureStride * size, blockRows, blockStride * size],
    };
  }

  /** Whether all that was copied of a piece, what lies between its samples included, may be taken in. */
  allFinite(data: CheckedSamples["data"], piece: Piece): boolean {
    const copied = (piece.count - 1) * piece.toStep + piece.length;
    const scan = isSingle(data) ? this.#kernel.allFiniteF32 : this.#kernel.allFiniteF64;
    return scan(this.#address, copied) !== 0;
  }
}

/** Whether values are float32, of whatever realm the array is. */
export function isSingle(data: CheckedSamples["data"]): boolean {
  return data.BYTES_PER_ELEMENT === 4;
}

/** So that slowly growing samples do not ask for a new area each time. */
function nextPowerOfTwo(bytes: number): number {
  return 2 ** Math.ceil(Math.log2(bytes));
}
