/// <reference types="@webgpu/types" />
import { BackendUnavailableError, loadKernel, type SyncBackend } from "@delve/kernel";
import { EXACT } from "./exact-mode.js";
import { FAST } from "./fast-mode.js";
import type { Gpu } from "./gpu-pass.js";
import type { Mode, PassMode } from "./mode.js";
import { chooseProducts, PRODUCTS, type ProductKernel, scaledProducts } from "./product-kernels.js";
import { compilePrograms } from "./programs.js";
import { testPass } from "./self-test.js";
import { DeviceBackend, type WebGPUBackend } from "./webgpu-backend.js";
import { Workspace } from "./workspace.js";

/** What `openWebGPU` takes. */
export interface OpenWebGPUOptions {
  /** A GPUDevice to share, of a framework for instance; it stays the caller's. Left out: a device of its own. */
  readonly device?: object;
  /** The GPU object that devices come from; `navigator.gpu` when left out. In Node, what `create` of the package `webgpu` gives. */
  readonly gpu?: object;
  /** Decomposes matrices and keeps the sums; it stays the caller's. Left out: a kernel of its own. */
  readonly kernel?: SyncBackend;
  /**
   * Take a device that only imitates a GPU, in software. The Wasm kernel is faster then: off by default, but a `device`
   * that is handed over is taken as it is unless this is `false`.
   */
  readonly software?: boolean;
  /**
   * What becomes of samples when the device is lost or out of memory. In both cases those that were recorded are taken
   * in by the kernel and none is lost. "throw" (default): the next `state` is rejected with the reason, the one after it
   * gives the state, and a lost device takes no more samples. "kernel": the kernel goes on alone, silently.
   * Samples that were in the memory of a lost device alone are always an error.
   */
  readonly onDeviceLost?: "throw" | "kernel";
  /**
   * Where samples in memory go whose pass would not be worth the way: less than 256 rows, or rows·features² below 2^25, or
   * float64 of less than 512 features. "gpu" (default) or "kernel".
   */
  readonly smallPasses?: "gpu" | "kernel";
  /**
   * "exact" (default): within 6e-12·√(C_ii·C_jj) of the true covariance, and the same bits on every device. "fast": within
   * 1e-5·√(C_ii·C_jj), for less work; not reproducible, because every device and compiler rounds float32 in its own way.
   */
  readonly mode?: Mode;
  /**
   * What the GPU sums products in; see `ProductKernel`. With "auto" (default) "f32" and "dot4", or "i32" where there is no
   * such instruction, are tried on known slices and timed when the backend is opened: the fastest of those that are right is taken.
   * Of no effect if `mode` is "fast".
   */
  readonly products?: "auto" | ProductKernel;
}

/** The WGSL feature that has the instruction `dot4I8Packed`. */
const PACKED_DOT = "packed_4x8_integer_dot_product";

const MODES: Readonly<Record<Mode, PassMode>> = { exact: EXACT, fast: FAST };

/** Values of the options that have a choice. */
const CHOICES = {
  mode: Object.keys(MODES),
  products: PRODUCTS,
  onDeviceLost: ["throw", "kernel"],
  smallPasses: ["gpu", "kernel"],
} satisfies Partial<Record<keyof OpenWebGPUOptions, readonly string[]>>;

/**
 * A backend that accumulates covariances on a GPU with the precision of float64: values are cut into bytes whose
 * products the GPU sums in exact integers, so that every device gives the same bits. Eigenproblems are solved by the kernel.
 *
 * @throws {BackendUnavailableError} If there is no WebGPU, no adapter, or only one in software, or no device, or it does
 *   not compute what it should.
 * @throws {RangeError} If `mode`, `products`, `onDeviceLost` or `smallPasses` is none of its values.
 * @example
 * import { loadKernel } from "@delve/kernel";
 *
 * const backend = await openWebGPU().catch(() => loadKernel()); // the kernel where there is no GPU
 * const moments = backend.createMoments(2);
 * moments.update({ data: Float32Array.of(1, 2, 3, 6), rows: 2, features: 2, rowStride: 2, featureStride: 1 });
 * const { scatter } = await moments.state();
 * scatter; // Float64Array [2, 4, 8]
 * backend.dispose();
 */
export async function openWebGPU(options: OpenWebGPUOptions = {}): Promise<WebGPUBackend> {
  checkChoices(options);
  const gpu = (options.gpu ?? (globalThis as { navigator?: { gpu?: object } }).navigator?.gpu) as
    | GPU
    | undefined;
  const device = sharedDevice(options) ?? (await openDevice(gpu, options.software ?? false));
  try {
    const prepared = await attempt("the GPU must compile and run the kernels", () =>
      prepare(device, options, gpu),
    );
    const kernel = options.kernel ?? (await loadKernel());
    return new DeviceBackend({
      gpu: { ...prepared.gpu, workspace: new Workspace(device) },
      products: prepared.products,
      kernel,
      ownsDevice: options.device === undefined,
      ownsKernel: options.kernel === undefined,
      fallsBack: options.onDeviceLost === "kernel",
      smallToKernel: options.smallPasses === "kernel",
    });
  } catch (error) {
    if (options.device === undefined) device.destroy();
    throw error;
  }
}

function checkChoices(options: OpenWebGPUOptions): void {
  for (const [name, choices] of Object.entries(CHOICES) as [keyof typeof CHOICES, readonly string[]][]) {
    const value = options[name];
    if (value !== undefined && !choices.includes(value)) {
      throw new RangeError(`openWebGPU: ${name} must be one of ${choices.join(", ")}, got ${value}`);
    }
  }
}

/** Compiles and tries the kernels. */
async function prepare(
  device: GPUDevice,
  { mode = "exact", products = "auto" }: OpenWebGPUOptions,
  gpu: GPU | undefined,
): Promise<{ gpu: Omit<Gpu, "workspace">; products: ProductKernel }> {
  const others = await compilePrograms(device, mode);
  const kernels = products === "auto" ? candidates(device, gpu) : [products];
  const { kernel, pipeline } =
    mode === "exact" ? await chooseProducts(device, kernels) : await scaledProducts(device);
  const tried = { mode: MODES[mode], device, programs: { ...others, products: pipeline } };
  await testPass(tried);
  return { gpu: tried, products: kernel };
}

/** A processor that imitates a GPU has no `dot4I8Packed`, and would take a second to compile what stands for it. */
function candidates(device: GPUDevice, gpu: GPU | undefined): ProductKernel[] {
  const packedDot = gpu?.wgslLanguageFeatures?.has(PACKED_DOT) ?? false;
  return [packedDot && !device.adapterInfo?.isFallbackAdapter ? "dot4" : "i32", "f32"];
}

function sharedDevice({ device, software }: OpenWebGPUOptions): GPUDevice | undefined {
  const shared = device as GPUDevice | undefined;
  if (shared?.adapterInfo?.isFallbackAdapter && software === false) throw inSoftware(shared.adapterInfo);
  return shared;
}

async function openDevice(gpu: GPU | undefined, software: boolean): Promise<GPUDevice> {
  if (gpu === undefined)
    throw unavailable("WebGPU must be there (navigator.gpu, or the option gpu), got none");
  const adapter = await attempt("WebGPU must find an adapter", () =>
    gpu.requestAdapter({ powerPreference: "high-performance" }),
  );
  if (adapter === null) throw unavailable("WebGPU must have an adapter, got none");
  if (adapter.info.isFallbackAdapter && !software) {
    throw inSoftware(adapter.info);
  }
  const { maxBufferSize, maxStorageBufferBindingSize } = adapter.limits;
  return attempt("the adapter must give a device", () =>
    adapter.requestDevice({ requiredLimits: { maxBufferSize, maxStorageBufferBindingSize } }),
  );
}

/** Makes whatever goes wrong an error that says so. */
async function attempt<T>(need: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    if (error instanceof BackendUnavailableError) throw error;
    const reason = (error as Partial<Error>)?.message ?? String(error);
    throw unavailable(`${need}, got "${reason}"`);
  }
}

function inSoftware({ description }: GPUAdapterInfo): BackendUnavailableError {
  return unavailable(`the adapter must be a GPU, got one in software (${description})`);
}

function unavailable(what: string): BackendUnavailableError {
  return new BackendUnavailableError(`openWebGPU: ${what}`);
}
