/**
 * What this package uses of ONNX Runtime, as structural interfaces: nothing of it is imported at run time, and any
 * copy (node, web, react-native; ESM, CommonJS, a bundle) fits.
 */

/** The part of the namespace that is used: `import * as ort from "onnxruntime-node"`. */
export interface Ort<S extends OrtSession = OrtSession> {
  /** Packages that have registered what they run on, with their versions: `web` has WebAssembly, `node` does not. */
  readonly env?: {
    readonly versions?: { readonly web?: string; readonly node?: string };
    /** Its `device` is the GPUDevice of the sessions on WebGPU, once there is one. */
    readonly webgpu?: { readonly device?: unknown };
  };
  readonly InferenceSession: {
    // biome-ignore lint/suspicious/noExplicitAny: each copy of ONNX Runtime has a type of its own for these options.
    create(model: Uint8Array, options?: any): Promise<S>;
  };
}

/** A session. */
export interface OrtSession {
  readonly inputNames: readonly string[];
  readonly outputNames: readonly string[];
  /** Since ONNX Runtime 1.21. */
  readonly inputMetadata?: readonly unknown[];
  readonly outputMetadata?: readonly unknown[];
  // biome-ignore lint/suspicious/noExplicitAny: overloaded, with types of each copy of ONNX Runtime.
  run(feeds: any, ...rest: any[]): Promise<any>;
  release?(): Promise<void>;
}

/** A tensor, or what a session takes for one. */
export interface OrtTensor {
  readonly type: string;
  readonly dims: readonly number[];
  /** Throws where the values are not in memory of the processor. */
  readonly data: ArrayLike<unknown>;
  readonly location?: string;
  /** The GPUBuffer with the values, where `location` is "gpu-buffer"; it may be longer than they are. */
  readonly gpuBuffer?: object;
  getData?(release?: boolean): Promise<ArrayLike<unknown>>;
  dispose?(): void;
}

/** Tensors by name. */
export type Tensors = Readonly<Record<string, OrtTensor>>;

/** What of the options of `InferenceSession.create` matters here; all others are passed on as they are. */
export interface SessionOptions {
  readonly executionProviders?: readonly (string | { readonly name: string; readonly device?: object })[];
  readonly preferredOutputLocation?: string | Readonly<Record<string, string>>;
  readonly enableGraphCapture?: boolean;
  readonly intraOpNumThreads?: number;
  readonly externalData?: readonly unknown[];
  readonly [option: string]: unknown;
}

/** Whether something is a tensor of any copy of ONNX Runtime: their classes are not the same. */
export function isTensor(value: unknown): value is OrtTensor {
  if (typeof value !== "object" || value === null) return false;
  const { type, dims } = value as Partial<OrtTensor>;
  return typeof type === "string" && Array.isArray(dims);
}
