import { layerName, unknownName } from "@delve/stats";
import { type GraphModel, isGraphModel } from "./graph-model/graph-model.js";
import { isByDefault, isModel, kindOf, type LayerKind } from "./layer-kinds.js";
import { hasSeveralOutputs } from "./repeats.js";
import type { Layer, Model } from "./types.js";

/** What the user hands in as `model`: a model, a graph model, a layer, or several of them. */
export type Modules = Module | readonly Module[];

/** One of them. */
export type Module = Model | GraphModel | Layer;

/**
 * Layers to record besides those of the default: tfjs class names (`"BatchNormalization"`), names of single layers as
 * the tracker gives them (`"features-norm1"`), or a function that says yes to a layer.
 */
export type IncludeLayers = readonly string[] | ((name: string, layer: Layer) => boolean);

/** One thing that is recorded of a layer. */
export interface Stream {
  /** Unique; nested models give their names as prefixes: `features-conv1`. */
  readonly name: string;
  /** Which of the layer's outputs; several stand side by side, as one. */
  readonly outputs: readonly number[];
}

/** A layer that can be recorded. */
export interface FoundLayer {
  readonly name: string;
  readonly layer: Layer;
  readonly kind: LayerKind;
  /** One as a rule; one for each output of a layer of the user's own that has several. */
  readonly streams: readonly Stream[];
}

/** What a search has found. */
export interface Found {
  readonly layers: readonly FoundLayer[];
  /** Layers and nested models that one forward pass may call several times for one use. */
  readonly repeated: ReadonlySet<Layer>;
}

const UNKNOWN: LayerKind = { family: "other" };

/**
 * Finds the layers that can be recorded, in the order in which the model lists them. A layer that is used in
 * several places comes once, under the name of the first.
 *
 * @throws {RangeError} If a name of `includeLayers` is neither that of a layer nor that of a class among them.
 */
export function findLayers(modules: Modules, includeLayers: IncludeLayers = []): Found {
  const { named, repeated } = listLayers(modules);
  const includes = inclusion(includeLayers, named);
  const taken = new Set(named.values());
  const layers = [...named].flatMap(([layer, name]): FoundLayer[] => {
    const kind = kindOf(layer);
    const wanted = (kind && isByDefault(kind)) || includes(name, layer);
    return wanted
      ? [{ name, layer, kind: kind ?? UNKNOWN, streams: streamsOf(layer, name, kind, taken) }]
      : [];
  });
  return { layers, repeated };
}

/** Models among the modules: what one trains. */
export function modelsOf(modules: Modules): Model[] {
  return layersOf(modules).filter(isModel);
}

/** Graph models among the modules. */
export function graphModelsOf(modules: Modules): GraphModel[] {
  return listOf(modules).filter(isGraphModel);
}

function layersOf(modules: Modules): (Model | Layer)[] {
  return listOf(modules).filter((module): module is Model | Layer => !isGraphModel(module));
}

const listOf = (modules: Modules): readonly Module[] =>
  Array.isArray(modules) ? modules : [modules as Module];

/** Every layer with its name. All are named, so that a name does not depend on which of them are recorded. */
function listLayers(modules: Modules): { named: Map<Layer, string>; repeated: Set<Layer> } {
  const names = new Set<string>();
  const named = new Map<Layer, string>();
  const repeated = new Set<Layer>();
  const visited = new Set<Model>();

  const visit = (module: Model | Layer, path: readonly string[]) => {
    if (hasSeveralOutputs(module)) repeated.add(module);
    if (!isModel(module)) {
      if (!named.has(module)) named.set(module, layerName(path, names));
      return;
    }
    if (visited.has(module)) return;
    visited.add(module);
    for (const child of module.layers) visit(child, [...path, child.name]);
  };
  for (const module of layersOf(modules)) {
    visit(module, isModel(module) ? [] : [module.name]);
  }
  return { named, repeated };
}

function inclusion(include: IncludeLayers, named: ReadonlyMap<Layer, string>) {
  if (typeof include === "function") return include;
  const known = new Set([...named].flatMap(([layer, name]) => [name, layer.getClassName()]));
  const stranger = include.find((name) => !known.has(name));
  if (stranger !== undefined) throw unknownName("includeLayers", stranger, [...known]);
  return (name: string, layer: Layer) => include.includes(name) || include.includes(layer.getClassName());
}

function streamsOf(
  layer: Layer,
  name: string,
  kind: LayerKind | undefined,
  taken: Set<string>,
): readonly Stream[] {
  // A recurrent layer's further outputs are its states, which are no features of their own.
  if (kind?.family === "recurrent") return [{ name, outputs: isUnmerged(layer) ? [0, 1] : [0] }];
  const { inboundNodes } = layer as { inboundNodes?: { outputTensors: readonly unknown[] }[] };
  const count = inboundNodes?.[0]?.outputTensors.length ?? 1;
  if (count === 1) return [{ name, outputs: [0] }];
  return Array.from({ length: count }, (_, i) => ({
    name: layerName([name, String(i)], taken),
    outputs: [i],
  }));
}

/** Whether a bidirectional layer gives its two directions apart. */
const isUnmerged = (layer: Layer): boolean => "mergeMode" in layer && layer.mergeMode === null;
