import { layerName } from "@delve/stats";
import { fetchedOutputs } from "./repeats.js";
import type { Layer, Model } from "./types.js";

/** What the user hands in as `model`: a model, a layer, or several of them. */
export type Modules = Model | Layer | readonly (Model | Layer)[];

/** How the output of a kind of layer is to be read. */
export interface LayerKind {
  /** What the layer does, in Delve's three groups. */
  readonly family: "linear" | "conv" | "recurrent";
}

/** The kinds of layers that are recorded, by tfjs class name. A subclass is of its parent's kind. */
export const LAYER_KINDS: Readonly<Record<string, LayerKind>> = {
  Dense: { family: "linear" },
  Conv2D: { family: "conv" },
};

/** A layer that can be recorded. */
export interface FoundLayer {
  /** Unique; nested models give their names as prefixes: `features-conv1`. */
  readonly name: string;
  readonly layer: Layer;
  readonly kind: LayerKind;
}

/** What a search has found. */
export interface Found {
  readonly layers: readonly FoundLayer[];
  /** Nested models that one forward pass calls several times, and how often. */
  readonly repeated: ReadonlyMap<Layer, number>;
}

/**
 * Finds the layers that can be recorded, in the order in which the model lists them. A layer that is used in
 * several places comes once, under the name of the first.
 */
export function findLayers(modules: Modules): Found {
  const names = new Set<string>();
  const layers = new Map<Layer, FoundLayer>();
  const repeated = new Map<Layer, number>();

  const visit = (module: Model | Layer, path: readonly string[]) => {
    if (isModel(module)) {
      for (const [layer, count] of fetchedOutputs(module)) if (isModel(layer)) repeated.set(layer, count);
      for (const child of module.layers) visit(child, [...path, child.name]);
      return;
    }
    const kind = kindOf(module);
    if (kind && !layers.has(module))
      layers.set(module, { name: layerName(path, names), layer: module, kind });
  };
  for (const module of Array.isArray(modules) ? modules : [modules as Model | Layer]) {
    visit(module, isModel(module) ? [] : [module.name]);
  }
  return { layers: [...layers.values()], repeated };
}

/** Models among the modules: what one trains. */
export function modelsOf(modules: Modules): Model[] {
  return (Array.isArray(modules) ? modules : [modules]).filter(isModel);
}

/** The kind of a layer, its own or that of the nearest class it extends; `undefined` if there is none. */
export function kindOf(layer: Layer): LayerKind | undefined {
  if (Object.hasOwn(LAYER_KINDS, layer.getClassName())) return LAYER_KINDS[layer.getClassName()];
  let type: unknown = layer.constructor;
  while (typeof type === "function") {
    const { className } = type as { className?: string };
    if (className !== undefined && Object.hasOwn(LAYER_KINDS, className)) return LAYER_KINDS[className];
    type = Object.getPrototypeOf(type);
  }
  return undefined;
}

function isModel(module: Model | Layer): module is Model {
  return "layers" in module && Array.isArray(module.layers);
}
