import { layerName } from "@delve/stats";
import { isModel } from "../layer-kinds.js";
import type { Modules } from "../layers.js";
import type { Layer, Model } from "../types.js";
import type { Conv2DPcaLayer, PcaLayer } from "./pca-types.js";

/** A PCA layer of a model. */
export interface FoundPcaLayer {
  /** Unique; nested models give their names as prefixes: `features-pca1`. */
  readonly name: string;
  readonly layer: Layer & PcaLayer;
}

const CLASS_NAMES = ["LinearPCALayer", "Conv2DPCALayer"];

/**
 * The PCA layers of a model, those of nested models and inside wrappers too, each once.
 *
 * @param caller - The public function that the user called, for errors.
 * @throws {RangeError} If there is none.
 */
export function findPcaLayers(caller: string, modules: Modules): FoundPcaLayer[] {
  const names = new Set<string>();
  const layers = new Map<Layer, FoundPcaLayer>();
  const visit = (module: Model | Layer, path: readonly string[]): void => {
    for (const child of childrenOf(module)) visit(child, [...path, child.name]);
    if (isPcaLayer(module) && !layers.has(module)) {
      layers.set(module, { name: layerName(path, names), layer: module });
    }
  };
  for (const module of Array.isArray(modules) ? modules : [modules as Model | Layer]) {
    visit(module, childrenOf(module).length > 0 ? [] : [module.name]);
  }
  if (layers.size === 0) throw new RangeError(`${caller}: model must have a PCA layer, got none`);
  return [...layers.values()];
}

/** Whether it projects feature maps. */
export function isConvolution(layer: PcaLayer): layer is Conv2DPcaLayer {
  return "downsampling" in layer;
}

function isPcaLayer(module: Layer): module is Layer & PcaLayer {
  return "injectRandomDirections" in module && CLASS_NAMES.includes(module.getClassName());
}

/** Layers of a model, the layer in a wrapper. */
function childrenOf(module: Model | Layer): readonly (Model | Layer)[] {
  if (isModel(module)) return module.layers;
  const { layer } = module as { layer?: unknown };
  return typeof layer === "object" && layer !== null ? [layer as Layer] : [];
}
