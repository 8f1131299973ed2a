import type { BackendOptions } from "@delve/kernel";
import { TRACKER_OPTIONS, type TrackerOptions, unknownName } from "@delve/stats";
import type { Nodes } from "./graph-model/find-graph-nodes.js";
import { graphModelsOf, type IncludeLayers, type Modules } from "./layers.js";
import type { Activations } from "./observe.js";
import type { TensorFlow } from "./types.js";

type TrackerOptionsButBackend = Omit<TrackerOptions, "backend">;

/** Options of `SaturationTracker.open`: what is to be watched, and how; all other options are those of `@delve/stats`. */
export interface SaturationTrackerOptions<T extends TensorFlow = TensorFlow>
  extends TrackerOptionsButBackend,
    BackendOptions {
  /** TensorFlow.js: `import * as tf from "@tensorflow/tfjs"`. */
  readonly tf: T;
  /** A model, a layer, or several of them. */
  readonly model?: Modules | undefined;
  /** The same as `model`, in Delve's word. */
  readonly modules?: Modules | undefined;
  /**
   * Whether values are taken before or after a layer's activation function. Before it when left out: PyTorch has
   * activations as modules of their own, so what Delve sees of a layer, and all its published numbers rest on, is
   * the value before. After a ReLU, half of which is zeros, saturation is another number. Dense layers and
   * convolutions have the choice; a recurrent layer's activation stands inside its recurrence, and what PyTorch and
   * Delve see of it is, as here, what it puts out.
   */
  readonly activations?: Activations | undefined;
  /**
   * Layers to record besides dense, convolutional and recurrent ones: class names (`"BatchNormalization"`,
   * `"Embedding"`, one's own), names as in `layers`, or a function. None when left out, as in Delve.
   */
  readonly includeLayers?: IncludeLayers | undefined;
  /**
   * Which nodes of a graph model (`tf.loadGraphModel`) are recorded: names of any of its nodes, or a function that
   * chooses among those of `graphNodes`. All of those when left out.
   */
  readonly nodes?: Nodes | undefined;
}

/** Options of this package alone, with defaults. */
export interface Settings<T extends TensorFlow> {
  readonly tf: T;
  readonly modules: Modules;
  readonly computing: BackendOptions;
  readonly activations: Activations;
  readonly includeLayers: IncludeLayers;
  readonly nodes: Nodes | undefined;
  /** Whether something found is let through by `includeConv` and `layerFilter`. */
  readonly accepts: (isConv: boolean, name: string) => boolean;
  /** What the tracker of `@delve/stats` is given, and checks. */
  readonly rest: TrackerOptionsButBackend;
}

const OWN_OPTIONS = ["tf", "model", "modules", "device", "webgpu", "activations", "includeLayers", "nodes"];
const CHOICES = ["pre", "post"];

/**
 * Checks this package's own options and fills in their defaults.
 *
 * @throws {RangeError | TypeError} If an option is missing, unknown, or of the wrong kind.
 */
export function resolveOwnOptions<T extends TensorFlow>(options: SaturationTrackerOptions<T>): Settings<T> {
  const known = [...OWN_OPTIONS, ...TRACKER_OPTIONS];
  for (const name of Object.keys(options)) {
    if (!known.includes(name)) throw unknownName("SaturationTracker.open: option", name, known);
  }
  const { tf, model, modules = model, device, webgpu, backend, ...others } = options;
  const { activations = "pre", includeLayers = [], nodes, ...rest } = others;
  if (typeof tf?.tidy !== "function" || typeof tf.CustomCallback !== "function") {
    throw new TypeError(`SaturationTracker.open: tf must be TensorFlow.js with layers, got ${describe(tf)}`);
  }
  if (model !== undefined && modules !== model) {
    throw new TypeError("SaturationTracker.open: model and modules are the same option, got both");
  }
  if (modules === undefined || modules === null) {
    throw new TypeError(`SaturationTracker.open: model must be a model or layers, got ${describe(modules)}`);
  }
  if (!CHOICES.includes(activations)) throw unknownName("activations", activations, CHOICES);
  checkIncludeLayers(includeLayers);
  checkNodes(nodes, modules);
  const accepts = acceptance(rest);
  const computing = { device, webgpu, backend };
  return { tf, modules, computing, activations, includeLayers, nodes, accepts, rest };
}

function acceptance({
  includeConv = true,
  layerFilter,
}: TrackerOptionsButBackend): Settings<never>["accepts"] {
  return (isConv, name) => {
    if (isConv && !includeConv) return false;
    return typeof layerFilter !== "function" || layerFilter(name);
  };
}

function checkIncludeLayers(got: IncludeLayers): void {
  if (typeof got === "function") return;
  if (Array.isArray(got) && got.every((name) => typeof name === "string")) return;
  throw new TypeError(`includeLayers: must be a list of names or a function, got ${describe(got)}`);
}

function checkNodes(got: Nodes | undefined, modules: Modules): void {
  if (got === undefined) return;
  if (graphModelsOf(modules).length === 0) {
    throw new TypeError("nodes: must come with a graph model, got layers; layerFilter chooses among those");
  }
  if (typeof got === "function" || (Array.isArray(got) && got.every((name) => typeof name === "string")))
    return;
  throw new TypeError(`nodes: must be a list of names or a function, got ${describe(got)}`);
}

function describe(value: unknown): string {
  return typeof value === "object" && value !== null ? "an object that has not what it takes" : String(value);
}
