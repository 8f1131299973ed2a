import { type Device, openDevice, type SyncBackend } from "@delve/kernel";
import { consoleLog, type Log } from "@delve/stats";
import { convPcaLayerClass } from "./conv2d-pca-layer.js";
import { linearPcaLayerClass } from "./linear-pca-layer.js";
import type {
  Conv2DPcaLayer,
  Conv2DPcaLayerArgs,
  LinearPcaLayerArgs,
  PcaLayer,
  PcaOperations,
  PcaTensorFlow,
} from "./pca-types.js";

/** Where PCA layers compute, and where they say things. */
export interface PcaLayersOptions {
  /** What carries the arithmetic: `auto` when left out, the Wasm kernel wherever it can run. */
  readonly device?: Device | undefined;
  /** A backend of one's own instead of a device. */
  readonly backend?: SyncBackend | undefined;
  /** The console when left out. */
  readonly logger?: Log | undefined;
}

/** A class of layers, as `tf.layers` has them. */
export interface PcaLayerClass<Args, Instance> {
  new (args?: Args): Instance;
  /** What saved models call it. */
  readonly className: string;
}

type LayerOf<T extends PcaTensorFlow> = InstanceType<T["layers"]["Layer"]>;

/** The classes, made for one copy of TensorFlow.js. */
export interface PcaLayerClasses<T extends PcaTensorFlow> {
  readonly LinearPCALayer: PcaLayerClass<LinearPcaLayerArgs, LayerOf<T> & PcaLayer>;
  readonly Conv2DPCALayer: PcaLayerClass<Conv2DPcaLayerArgs, LayerOf<T> & Conv2DPcaLayer>;
}

/**
 * Layers that project what comes in onto its principal subspace: `LinearPCALayer` for features in the last axis,
 * `Conv2DPCALayer` for feature maps, every place of which is a sample.
 *
 * In training they let everything through and accumulate its moments in float64; at the first evaluation after it
 * they compute the subspace that carries `threshold` of the variance, and project onto it from then on. The next
 * training pass begins a new set of samples. A pass is one of training as it is for the tracker: `training: true`, or
 * nothing said while a gradient is recorded. Before any training they let everything through.
 *
 * The classes are registered with tfjs, so that models with such layers can be saved, loaded (after this call) and
 * cloned; the moments travel with the weights, to the last bit, and go on accumulating. The kernel is loaded once for
 * each call; its memory for a layer is freed with the layer.
 *
 * @throws {BackendUnavailableError} If the device is unknown or cannot run here.
 * @throws {TypeError} If `tf` is not TensorFlow.js with layers.
 * @example
 * import * as tf from "@tensorflow/tfjs";
 * const { LinearPCALayer } = await pcaLayers(tf);
 * const pca = new LinearPCALayer({ threshold: 0.9, inputShape: [3] });
 * const model = tf.sequential({ layers: [pca] });
 * const x = tf.tensor2d([[0, 1, 2], [4, 1, 2], [8, 1, 2], [4, 1, 2]]);
 * model.apply(x, { training: true });
 * model.predict(tf.tensor2d([[1, 5, 5]])).arraySync(); // [[1, 1, 2]]
 * [pca.inDim, pca.fsDim]; // [1, 3]
 * model.dispose();
 */
export async function pcaLayers<T extends PcaTensorFlow>(
  tf: T,
  options: PcaLayersOptions = {},
): Promise<PcaLayerClasses<T>> {
  if (typeof tf?.layers?.Layer !== "function" || typeof tf.serialization?.registerClass !== "function") {
    throw new TypeError(`pcaLayers: tf must be TensorFlow.js with layers, got ${String(tf)}`);
  }
  const { device, backend = await openDevice("pcaLayers", device), logger: log = consoleLog } = options;
  const context = { tf: tf as unknown as PcaOperations, backend, log };
  const LinearPCALayer = linearPcaLayerClass(context);
  const Conv2DPCALayer = convPcaLayerClass(LinearPCALayer);
  for (const type of [LinearPCALayer, Conv2DPCALayer]) tf.serialization.registerClass(type as never);
  return { LinearPCALayer, Conv2DPCALayer } as unknown as PcaLayerClasses<T>;
}
