/// <reference types="@webgpu/types" />
import {
  type Backend,
  DisposedError,
  type Eigh,
  OutOfMemoryError,
  type PoolMethod,
  type SymmetricMatrix,
  type SyncBackend,
  type TopSpectrum,
} from "@delve/kernel";
import { checkFeatures } from "@delve/kernel/validation";
import { mostRows } from "./geometry.js";
import type { Gpu } from "./gpu-pass.js";
import { POOL_METHODS } from "./gpu-source.js";
import type { Mode } from "./mode.js";
import { PassRunner } from "./pass-runner.js";
import type { ProductKernel } from "./product-kernels.js";
import { QueuedMoments, type WebGPUMoments } from "./webgpu-moments.js";

/** Moments on a GPU, decompositions in a kernel; made by `openWebGPU`. */
export interface WebGPUBackend extends Backend {
  readonly name: "webgpu";
  readonly mode: Mode;
  /** What products are summed in: what the device was found to be fastest with, or what was asked for; "f32" if `mode` is "fast". */
  readonly products: ProductKernel;
  /** The device whose buffers `updateGpu` takes; `undefined` once it is lost. */
  readonly gpuDevice: object | undefined;
  readonly gpuPools: readonly PoolMethod[];
  createMoments(features: number): WebGPUMoments;
  topSpectrum(a: SymmetricMatrix, threshold: number, rank?: number): TopSpectrum;
}

/** What a backend works with, and what of it is its own to end. */
export interface Parts {
  readonly gpu: Gpu;
  readonly products: ProductKernel;
  readonly kernel: SyncBackend;
  readonly ownsDevice: boolean;
  readonly ownsKernel: boolean;
  readonly fallsBack: boolean;
  readonly smallToKernel: boolean;
}

/** The backend; see `openWebGPU`. */
export class DeviceBackend implements WebGPUBackend {
  readonly name = "webgpu";
  /** By what covariances are promised in this mode; decompositions are float64. */
  readonly epsilon: number;
  readonly mode: Mode;
  readonly products: ProductKernel;
  readonly #parts: Parts;
  readonly #runner: PassRunner;
  #disposed = false;

  constructor(parts: Parts) {
    this.epsilon = parts.gpu.mode.epsilon;
    this.mode = parts.gpu.mode.name;
    this.products = parts.products;
    this.#parts = parts;
    this.#runner = new PassRunner(parts.gpu);
  }

  readonly gpuPools: readonly PoolMethod[] = POOL_METHODS;

  get gpuDevice(): object | undefined {
    return this.#runner.isLost ? undefined : this.#parts.gpu.device;
  }

  createMoments(features: number): WebGPUMoments {
    this.#requireUse("createMoments");
    checkFeatures("createMoments", features);
    const { kernel, gpu, fallsBack, smallToKernel } = this.#parts;
    const most = mostRows(gpu.mode.geometryOf(1, features), gpu.device.limits.maxStorageBufferBindingSize);
    if (most === 0) {
      throw new OutOfMemoryError(
        `createMoments: a row must fit a binding of the GPU, got ${features} features`,
      );
    }
    const owner = {
      runner: this.#runner,
      mostRows: most,
      fallsBack,
      smallToKernel,
      requireUse: (caller: string) => this.#requireUse(caller),
    };
    return new QueuedMoments(owner, kernel.createMoments(features));
  }

  eigvalsh(a: SymmetricMatrix): Float64Array {
    this.#requireUse("eigvalsh");
    return this.#parts.kernel.eigvalsh(a);
  }

  eigh(a: SymmetricMatrix): Eigh {
    this.#requireUse("eigh");
    return this.#parts.kernel.eigh(a);
  }

  topSpectrum(a: SymmetricMatrix, threshold: number, rank: number = a.order): TopSpectrum {
    this.#requireUse("topSpectrum");
    const { kernel } = this.#parts;
    return (
      kernel.topSpectrum?.(a, threshold, rank) ?? { values: kernel.eigvalsh(a).reverse(), complete: true }
    );
  }

  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    const { gpu, kernel, ownsDevice, ownsKernel } = this.#parts;
    this.#runner.dispose();
    if (ownsDevice) gpu.device.destroy();
    if (ownsKernel) kernel.dispose();
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  #requireUse(caller: string): void {
    if (this.#disposed) throw new DisposedError(`${caller}: needs a live backend, got a disposed one`);
  }
}
