import type { Eigh, SyncBackend, TopSpectrum } from "../backend.js";
import { DisposedError, NotConvergedError } from "../errors.js";
import type { SymmetricMatrix } from "../symmetric-matrix.js";
import { batchCaller, checkFeatures, checkSymmetric, nonFiniteElement } from "../validate.js";
import type { Address, KernelExports } from "./kernel-exports.js";
import { KernelInstance } from "./kernel-instance.js";
import type { Simd } from "./simd-support.js";
import { topOfSpectrum } from "./top-spectrum.js";
import { WasmMoments } from "./wasm-moments.js";

/**
 * The SIMD kernel behind the Backend contract; made by `loadKernel`. Every call is synchronous.
 *
 * Owns one instance of the kernel and so its memory, up to 4 GiB, which grows as needed and is given back as a whole
 * when the backend is no longer referenced. What its methods return is copied out of it and stays valid.
 */
export class WasmBackend implements SyncBackend {
  readonly name = "wasm";
  readonly epsilon: number = Number.EPSILON;
  /** Which build of the kernel this is. */
  readonly simd: Simd;
  readonly #instance: KernelInstance;

  /** @internal */
  constructor(kernel: KernelExports) {
    this.simd = kernel.isRelaxed() ? "relaxed" : "plain";
    this.#instance = new KernelInstance(kernel);
  }

  /** Bytes of memory that the kernel holds; it never shrinks. */
  get memorySize(): number {
    return this.#instance.memory.size;
  }

  createMoments(features: number): WasmMoments {
    const instance = this.#use("createMoments");
    const { kernel, memory } = instance;
    checkFeatures("createMoments", features);
    const address = memory.allocate("createMoments", kernel.momentsBytes(features));
    kernel.momentsInit(address, features);
    return new WasmMoments(instance, features, address);
  }

  eigvalsh(a: SymmetricMatrix): Float64Array {
    return this.#eigenvalues("eigvalsh", a);
  }

  eigvalshBatch(matrices: readonly SymmetricMatrix[]): Float64Array[] {
    const { kernel, memory } = this.#use("eigvalshBatch");
    let largest = 1;
    matrices.forEach((a, index) => {
      checkSymmetric(batchCaller(index), a);
      largest = Math.max(largest, a.order);
    });
    const work = memory.allocate("eigvalshBatch", kernel.dsyevBytes(largest, false));
    try {
      return matrices.map((a, index) => {
        this.#solve(batchCaller(index), a, false, work);
        return memory.copyOut(kernel.dsyevValues(work), a.order);
      });
    } finally {
      memory.release(work);
    }
  }

  eigh(a: SymmetricMatrix): Eigh {
    const { kernel, memory } = this.#use("eigh");
    return this.#dsyev("eigh", a, true, (work) => ({
      values: memory.copyOut(kernel.dsyevValues(work), a.order),
      vectors: memory.copyOut(kernel.dsyevVectors(work), a.order * a.order),
    }));
  }

  topSpectrum(a: SymmetricMatrix, threshold: number, rank: number = a.order): TopSpectrum {
    const instance = this.#use("topSpectrum");
    checkSymmetric("topSpectrum", a);
    const top = topOfSpectrum(instance, a, threshold, rank);
    return top ?? { values: this.#eigenvalues("topSpectrum", a).reverse(), complete: true };
  }

  #eigenvalues(caller: string, a: SymmetricMatrix): Float64Array {
    const { kernel, memory } = this.#use(caller);
    return this.#dsyev(caller, a, false, (work) => memory.copyOut(kernel.dsyevValues(work), a.order));
  }

  #dsyev<T>(caller: string, a: SymmetricMatrix, vectors: boolean, result: (work: Address) => T): T {
    const { kernel, memory } = this.#use(caller);
    checkSymmetric(caller, a);
    const work = memory.allocate(caller, kernel.dsyevBytes(a.order, vectors));
    try {
      this.#solve(caller, a, vectors, work);
      return result(work);
    } finally {
      memory.release(work);
    }
  }

  #solve(caller: string, a: SymmetricMatrix, vectors: boolean, work: Address): void {
    const { kernel, memory } = this.#instance;
    const input = kernel.dsyevInit(work, a.order, vectors) >>> 0;
    memory.copyIn(a.upper, input);
    const bad = kernel.firstInfinite(input, a.upper.length);
    if (bad >= 0) throw nonFiniteElement(caller, a, bad);
    const info = kernel.dsyev(work);
    if (info > 0) throw notConverged(caller, info);
  }

  dispose(): void {
    this.#instance.alive = false;
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  #use(caller: string): KernelInstance {
    if (!this.#instance.alive) {
      throw new DisposedError(`${caller}: needs a live backend, got a disposed one`);
    }
    return this.#instance;
  }
}

function notConverged(caller: string, info: number): NotConvergedError {
  return new NotConvergedError(
    `${caller}: all off-diagonals must reach zero, got ${info} that did not`,
    info,
  );
}
