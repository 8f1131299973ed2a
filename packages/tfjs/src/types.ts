/**
 * What this package uses of TensorFlow.js, as structural interfaces: nothing of tfjs is imported at run time, and
 * any copy of it (ESM, CommonJS, a bundle, tfjs-core with tfjs-layers) fits.
 */

/** The part of the `tf` namespace that is used. */
export interface TensorFlow {
  /** Runs `fn` and disposes every tensor made in it, apart from those it returns. */
  tidy(fn: () => void): void;
  /** The engine; a gradient depth above 0 means that a gradient is being recorded, a scope is a `tidy` under way. */
  engine(): { readonly state: { readonly gradientDepth: number; readonly activeScope?: object | null } };
  /** Name of the backend that computes: "cpu", "wasm", "webgl", "webgpu", … */
  getBackend(): string;
  /** That backend; the one called "webgpu" has a `device`. */
  backend?(): object;
  /** Class of the callbacks that `fit` takes without wrapping them. */
  readonly CustomCallback: CallbackClass;
}

/** A tensor. */
export interface Tensor {
  readonly id: number;
  readonly shape: readonly number[];
  readonly dtype: string;
  /** A kept tensor outlives the `tidy` it was made in. */
  kept: boolean;
  clone(): Tensor;
  data(): Promise<ArrayLike<number>>;
  dataSync(): ArrayLike<number>;
  /** The values in the memory of a GPU, copied there; fails if they are not in it. */
  dataToGPU?(): { readonly tensorRef: Pick<Tensor, "kept" | "dispose">; readonly buffer?: object };
  dispose(): void;
}

/** A layer. */
export interface Layer {
  readonly name: string;
  getClassName(): string;
}

/** A model: a layer that has layers. */
export interface Model extends Layer {
  readonly layers: readonly Layer[];
  readonly outputs: readonly SymbolicTensor[];
}

/** A node's output in the graph of a functional model. */
export interface SymbolicTensor {
  readonly sourceLayer: Layer;
}

/** Numbers that `fit` hands to callbacks; some backends hand scalars that have not been read yet. */
export type Logs = Readonly<Record<string, number | Tensor>>;

/** The six moments of training that a callback may attend to. */
export interface CallbackHandlers {
  onTrainBegin?(logs?: Logs): void | Promise<void>;
  onTrainEnd?(logs?: Logs): void | Promise<void>;
  onEpochBegin?(epoch: number, logs?: Logs): void | Promise<void>;
  onEpochEnd?(epoch: number, logs?: Logs): void | Promise<void>;
  onBatchBegin?(batch: number, logs?: Logs): void | Promise<void>;
  onBatchEnd?(batch: number, logs?: Logs): void | Promise<void>;
}

/** How often training gives way to whatever else waits: a number is in milliseconds. */
export type YieldEvery = "auto" | "batch" | "epoch" | "never" | number;

/** The constructor of `tf.CustomCallback`. */
export type CallbackClass = new (handlers: CallbackHandlers, yieldEvery?: YieldEvery) => object;
