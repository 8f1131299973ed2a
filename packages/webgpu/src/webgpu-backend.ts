/// <reference types="@webgpu/types" />
import {
  type Backend,
  BackendUnavailableError,
  DisposedError,
  type Eigh,
  OutOfMemoryError,
  type SymmetricMatrix,
  type SyncBackend,
  type TopSpectrum,
} from "@delve/kernel";
import { checkFeatures } from "@delve/kernel/validation";
import type { PassResult } from "./combine.js";
import { mostRows } from "./geometry.js";
import { type Gpu, runPass } from "./gpu-pass.js";
import type { PackedRows } from "./packed-rows.js";
import type { ProductKernel } from "./product-kernels.js";
import { QueuedMoments, type WebGPUMoments } from "./webgpu-moments.js";

/** Moments on a GPU, decompositions in a kernel; made by `openWebGPU`. */
export interface WebGPUBackend extends Backend {
  readonly name: "webgpu";
  /** The kernel of products that the device was found to be fastest with, or that was asked for. */
  readonly products: ProductKernel;
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
}

/** The backend; see `openWebGPU`. */
export class DeviceBackend implements WebGPUBackend {
  readonly name = "webgpu";
  /** 2^-46: covariances are within 6e-12, which is what the bounds make of it. Decompositions are float64. */
  readonly epsilon: number = 2 ** -46;
  readonly products: ProductKernel;
  readonly #parts: Parts;
  #lost: GPUDeviceLostInfo | undefined;
  #disposed = false;

  constructor(parts: Parts) {
    this.products = parts.products;
    this.#parts = parts;
    void parts.gpu.device.lost.then((info) => {
      this.#lost = info;
    });
  }

  createMoments(features: number): WebGPUMoments {
    this.#requireUse("createMoments");
    checkFeatures("createMoments", features);
    const { kernel, gpu, fallsBack } = this.#parts;
    const most = mostRows(features, gpu.device.limits.maxStorageBufferBindingSize);
    if (most === 0) {
      throw new OutOfMemoryError(
        `createMoments: a row must fit a binding of the GPU, got ${features} features`,
      );
    }
    const runner = {
      mostRows: most,
      fallsBack,
      requireUse: (caller: string) => this.#requireUse(caller),
      requireDevice: (caller: string) => this.#requireDevice(caller),
      run: (rows: PackedRows) => this.#run(rows),
    };
    return new QueuedMoments(runner, kernel.createMoments(features));
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
    gpu.workspace.dispose();
    if (ownsDevice) gpu.device.destroy();
    if (ownsKernel) kernel.dispose();
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  async #run(rows: PackedRows): Promise<PassResult> {
    if (this.#lost !== undefined) throw this.#deviceIsLost("state", this.#lost);
    try {
      return await runPass(this.#parts.gpu, rows);
    } catch (error) {
      throw await this.#explain(error);
    }
  }

  /** A device that is lost says so to whoever waits on it before `lost` is settled. */
  async #explain(error: unknown): Promise<Error> {
    const { device } = this.#parts.gpu;
    const later = device.queue.onSubmittedWorkDone().then(
      () => undefined,
      () => undefined,
    );
    const lost = await Promise.race([device.lost, later.then(() => this.#lost)]);
    if (lost !== undefined) return this.#deviceIsLost("state", lost);
    const reason = error instanceof Error ? error.message : String((error as GPUError).message);
    if (/memory/i.test(reason)) {
      return new OutOfMemoryError(`state: the GPU needs memory for a pass, got "${reason}"`);
    }
    return new BackendUnavailableError(`state: the GPU must run a pass, got "${reason}"`);
  }

  #deviceIsLost(caller: string, { reason, message }: GPUDeviceLostInfo): BackendUnavailableError {
    const why = [reason, message].filter(Boolean).join(": ");
    return new BackendUnavailableError(`${caller}: the GPU device must be there, got a lost one (${why})`);
  }

  #requireDevice(caller: string): void {
    if (this.#lost !== undefined && !this.#parts.fallsBack) throw this.#deviceIsLost(caller, this.#lost);
  }

  #requireUse(caller: string): void {
    if (this.#disposed) throw new DisposedError(`${caller}: needs a live backend, got a disposed one`);
  }
}
