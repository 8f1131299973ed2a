import { normalSource, type RvsOptions } from "@delve/stats";
import type { Modules } from "../layers.js";
import { type FoundPcaLayer, findPcaLayers, isConvolution } from "./find-pca-layers.js";

/** What all PCA layers of a model keep, layer by layer, in the order in which the model lists them. */
export interface PcaDimensions {
  /** Share of the directions that are kept. */
  readonly saturation: readonly number[];
  /** Directions kept. */
  readonly inDims: readonly number[];
  /** Features. */
  readonly fsDims: readonly number[];
  /** Names of the layers, nested models' in front: `features-pca1`. With `includeNames`. */
  readonly names?: readonly string[];
}

/** Options that the functions share. */
export interface ChangePcaOptions {
  /** Logs each layer's projection, whatever the layer's own `verbose` says. */
  readonly verbose?: boolean | undefined;
  readonly includeNames?: boolean | undefined;
}

/** Options of `changeAllPcaLayerCentering`. */
export interface ChangeCenteringOptions extends ChangePcaOptions {
  /** Size that feature maps are brought to before they are accumulated, from the next training pass on; `null` for none. Left as it is when left out. */
  readonly downsampling?: number | null | undefined;
}

/**
 * Sets the threshold of all PCA layers of a model and says what each of them keeps.
 *
 * They project with the samples seen so far, which no pass need follow; a layer that has seen none keeps all.
 *
 * @throws {RangeError} If the threshold lies outside (0, 1], or the model has no PCA layer.
 * @throws {Error} If values of training passes are on their way from a GPU: `await refreshPcaLayers(model)` first.
 * @example
 * import * as tf from "@tensorflow/tfjs";
 * const { LinearPCALayer } = await pcaLayers(tf);
 * const model = tf.sequential({ layers: [new LinearPCALayer({ inputShape: [2], name: "pca" })] });
 * model.apply(tf.tensor2d([[3, 0], [-3, 0], [0, 1], [0, -1]]), { training: true });
 * changeAllPcaLayerThresholds(model, 0.999).inDims; // [2]
 * changeAllPcaLayerThresholds(model, 0.9, { includeNames: true });
 * // { saturation: [0.5], inDims: [1], fsDims: [2], names: ["pca"] }
 * model.dispose();
 */
export function changeAllPcaLayerThresholds(
  model: Modules,
  threshold: number,
  options: ChangePcaOptions & { readonly includeNames: true },
): Required<PcaDimensions>;
export function changeAllPcaLayerThresholds(
  model: Modules,
  threshold: number,
  options?: ChangePcaOptions,
): PcaDimensions;
export function changeAllPcaLayerThresholds(
  model: Modules,
  threshold: number,
  options: ChangePcaOptions = {},
): PcaDimensions {
  return changeAll("changeAllPcaLayerThresholds", model, options, (layer) => {
    layer.threshold = threshold;
  });
}

/**
 * Sets whether the PCA layers of a model work about the mean or about zero, and says what each of them keeps.
 *
 * @throws {RangeError} If `downsampling` is not usable, or the model has no PCA layer.
 * @throws {Error} If values of training passes are on their way from a GPU: `await refreshPcaLayers(model)` first.
 * @example
 * import * as tf from "@tensorflow/tfjs";
 * const { LinearPCALayer } = await pcaLayers(tf);
 * const model = tf.sequential({ layers: [new LinearPCALayer({ inputShape: [2] })] });
 * model.apply(tf.tensor2d([[5, 1], [5, -1]]), { training: true });
 * changeAllPcaLayerThresholds(model, 0.999).inDims; // [1]
 * changeAllPcaLayerCentering(model, false).inDims; // [2]
 * model.dispose();
 */
export function changeAllPcaLayerCentering(
  model: Modules,
  centering: boolean,
  options: ChangeCenteringOptions & { readonly includeNames: true },
): Required<PcaDimensions>;
export function changeAllPcaLayerCentering(
  model: Modules,
  centering: boolean,
  options?: ChangeCenteringOptions,
): PcaDimensions;
export function changeAllPcaLayerCentering(
  model: Modules,
  centering: boolean,
  options: ChangeCenteringOptions = {},
): PcaDimensions {
  const { downsampling } = options;
  return changeAll("changeAllPcaLayerCentering", model, options, (layer) => {
    if (downsampling !== undefined && isConvolution(layer)) layer.downsampling = downsampling;
    layer.centering = centering;
  });
}

/**
 * Sets the threshold of all PCA layers of a model, then puts a random subspace of the same dimensions in the place of
 * each principal one: what accuracy is left then is what the number of dimensions alone is worth.
 *
 * Until the threshold or the centering is set again, or other samples come.
 *
 * @param options - With a `seed` the directions are the same each time.
 * @throws {RangeError} If the threshold or the seed is not usable, the model has no PCA layer, or one of them has seen no
 * samples.
 * @throws {Error} If values of training passes are on their way from a GPU: `await refreshPcaLayers(model)` first.
 * @example
 * import * as tf from "@tensorflow/tfjs";
 * const { LinearPCALayer } = await pcaLayers(tf);
 * const model = tf.sequential({ layers: [new LinearPCALayer({ inputShape: [2], centering: false })] });
 * model.apply(tf.tensor2d([[3, 0], [-3, 0], [0, 1], [0, -1]]), { training: true });
 * changeAllPcaLayerThresholdsAndInjectRandomDirections(model, 0.9, { seed: 1 }).inDims; // [1]
 * model.predict(tf.tensor2d([[3, 0]])).dataSync()[1] !== 0; // true
 * model.dispose();
 */
export function changeAllPcaLayerThresholdsAndInjectRandomDirections(
  model: Modules,
  threshold: number,
  options: ChangePcaOptions & RvsOptions & { readonly includeNames: true },
): Required<PcaDimensions>;
export function changeAllPcaLayerThresholdsAndInjectRandomDirections(
  model: Modules,
  threshold: number,
  options?: ChangePcaOptions & RvsOptions,
): PcaDimensions;
export function changeAllPcaLayerThresholdsAndInjectRandomDirections(
  model: Modules,
  threshold: number,
  options: ChangePcaOptions & RvsOptions = {},
): PcaDimensions {
  const caller = "changeAllPcaLayerThresholdsAndInjectRandomDirections";
  const normal = normalSource(caller, options);
  for (const { layer, name } of findPcaLayers(caller, model)) {
    if (layer.seenSamples === 0) throw new RangeError(`${caller}: ${name} must have seen samples, got 0`);
  }
  return changeAll(caller, model, options, (layer) => {
    layer.threshold = threshold;
    layer.injectRandomDirections({ normal });
  });
}

/**
 * Waits for the values of all training passes and projects with them.
 *
 * Needed on the webgpu backend alone, between training and evaluation, and before a model is saved; elsewhere the values
 * are there.
 *
 * @throws {RangeError} If the model has no PCA layer.
 * @example
 * import * as tf from "@tensorflow/tfjs";
 * const { LinearPCALayer } = await pcaLayers(tf);
 * const model = tf.sequential({ layers: [new LinearPCALayer({ inputShape: [2] })] });
 * model.apply(tf.randomNormal([8, 2]), { training: true });
 * await refreshPcaLayers(model);
 * model.layers[0].pcaComputed; // true
 * model.dispose();
 */
export async function refreshPcaLayers(model: Modules): Promise<void> {
  await Promise.all(findPcaLayers("refreshPcaLayers", model).map(({ layer }) => layer.refresh()));
}

/** Changes every layer, and says what it keeps then. */
function changeAll(
  caller: string,
  model: Modules,
  { verbose = false, includeNames = false }: ChangePcaOptions,
  change: (layer: FoundPcaLayer["layer"]) => void,
): PcaDimensions {
  const layers = findPcaLayers(caller, model);
  for (const { layer, name } of layers) {
    if (layer.waiting === 0) continue;
    const wanted = `the values of ${name} must have arrived (await refreshPcaLayers(model))`;
    throw new Error(`${caller}: ${wanted}, got ${layer.waiting} batches on their way`);
  }
  for (const { layer } of layers) {
    const own = layer.verbose;
    layer.verbose = own || verbose;
    try {
      change(layer);
    } finally {
      layer.verbose = own;
    }
  }
  const dimensions = {
    saturation: layers.map(({ layer }) => layer.saturation),
    inDims: layers.map(({ layer }) => layer.inDim),
    fsDims: layers.map(({ layer }) => layer.fsDim),
  };
  return includeNames ? { ...dimensions, names: layers.map(({ name }) => name) } : dimensions;
}
