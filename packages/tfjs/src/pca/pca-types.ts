import type { MeanMode, RvsOptions } from "@delve/stats";
import type { Layer, Tensor, TensorFlow } from "../types.js";

/** The operations on tensors that the PCA layers use. */
interface Operations {
  tensor(values: Float32Array, shape: number[]): Tensor;
  add(a: Tensor, b: Tensor): Tensor;
  sub(a: Tensor, b: Tensor): Tensor;
  matMul(a: Tensor, b: Tensor): Tensor;
  reshape(x: Tensor, shape: number[]): Tensor;
  slice(x: Tensor, begin: number[], size: number[]): Tensor;
  transpose(x: Tensor, perm: number[]): Tensor;
}

/** What tfjs's own types say of them is wider, and in terms of its own tensors; here it is enough that they are there. */
type Present<T> = { readonly [K in keyof T]: (...args: never) => unknown };

/** What the PCA layers use of TensorFlow.js beyond what a tracker uses. */
export interface PcaTensorFlow extends TensorFlow, Present<Operations> {
  readonly layers: { readonly Layer: abstract new (args: never) => Layer };
  readonly initializers: { zeros(): object };
  readonly serialization: { registerClass(cls: never): unknown };
}

/** The same, as the layers call it. */
export interface PcaOperations extends TensorFlow, Operations {
  tidy<R extends Tensor>(fn: () => R): R;
  tidy(fn: () => void): void;
  readonly layers: { readonly Layer: abstract new (args: never) => Layer };
  readonly initializers: { zeros(): object };
}

/** A weight of a layer. */
export interface LayerVariable {
  read(): Tensor & { readonly dataId: object };
  write(value: Tensor): unknown;
}

export type Shape = readonly (number | null)[];
export type Kwargs = Readonly<Record<string, unknown>>;

/** The base class of layers, as far as a subclass uses it. */
export interface LayerBase extends Layer {
  built: boolean;
  supportsMasking: boolean;
  inputSpec: readonly object[];
  get nonTrainableWeights(): LayerVariable[];
  set nonTrainableWeights(weights: LayerVariable[]);
  addWeight(
    name: string,
    shape: number[],
    dtype: "float32",
    initializer: object,
    regularizer: undefined,
    trainable: boolean,
  ): LayerVariable;
  build(inputShape: Shape | Shape[]): void;
  disposeWeights(): number;
  getConfig(): Record<string, unknown>;
}

/** What all of tfjs's layers take. */
export interface LayerArgs {
  readonly name?: string;
  readonly inputShape?: (number | null)[];
  readonly batchInputShape?: (number | null)[];
  readonly batchSize?: number;
  readonly dtype?: "float32";
  readonly trainable?: boolean;
}

/** Options of both PCA layers. Delve's words and, where nothing else is said, its defaults. */
export interface PcaLayerArgs extends LayerArgs {
  /** Share of the variance to keep, in (0, 1]; 0.99 when left out. */
  readonly threshold?: number;
  /**
   * Principal axes of the covariance, or, without, of the second moment about zero. True when left out for linear
   * layers, false for convolutions.
   */
  readonly centering?: boolean;
  /** With centering: `keep` (default) projects onto μ + P(x − μ), `ignore` onto P x as Delve 0.1.50 does. */
  readonly mean?: MeanMode;
  /**
   * From which epoch on training passes are projected as well, so that the network learns to do with the subspace:
   * 20 begins once twenty projections were computed. `null` (default): never. Delve keeps the number (20) and never
   * looks at it.
   */
  readonly gradientEpochStart?: number | null;
  /** Logs each projection. False when left out. */
  readonly verbose?: boolean;
}

/** Options of `LinearPCALayer`. */
export interface LinearPcaLayerArgs extends PcaLayerArgs {
  /** Without, the output at inference is the coordinates in the subspace, as many as it has dimensions. True when left out. */
  readonly keepdim?: boolean;
}

/** Options of `Conv2DPCALayer`. */
export interface Conv2DPcaLayerArgs extends PcaLayerArgs {
  /** Feature maps are brought to this height and width (nearest neighbours) before they are accumulated; `null` leaves them as they are. */
  readonly downsampling?: number | null;
  /** `channelsLast` when left out. */
  readonly dataFormat?: "channelsLast" | "channelsFirst";
}

/** What a PCA layer has beyond any other layer. */
export interface PcaLayer {
  /** Share of the variance that is kept. Setting it projects anew, from the samples seen. */
  threshold: number;
  /** Setting it projects anew, from the samples seen. */
  centering: boolean;
  verbose: boolean;
  readonly keepdim: boolean;
  readonly mean: MeanMode;
  readonly gradientEpochStart: number | null;
  /** Whether the projection in use is that of all samples seen. */
  readonly pcaComputed: boolean;
  /** How many times the samples of a training phase were turned into a projection. */
  readonly epoch: number;
  /** Samples that the projection rests on, or will. */
  readonly seenSamples: number;
  /** Dimensions that the projection leaves; all of them before it was computed. */
  readonly inDim: number;
  /** Features. */
  readonly fsDim: number;
  /** `inDim / fsDim`. */
  readonly saturation: number;
  /** Batches whose values are still on their way from a GPU. */
  readonly waiting: number;
  /** Projects with the samples seen so far, once all their values are there. Needed on the webgpu backend alone. */
  refresh(): Promise<void>;
  /** Puts random directions, as many, in the place of the principal ones, until something changes. */
  injectRandomDirections(options?: RvsOptions): void;
}

/** What a `Conv2DPCALayer` has besides. */
export interface Conv2DPcaLayer extends PcaLayer {
  downsampling: number | null;
  readonly dataFormat: "channelsLast" | "channelsFirst";
}
