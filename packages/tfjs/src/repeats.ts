import { shadow } from "./shadow.js";
import type { Layer, Model, Tensor, TensorFlow } from "./types.js";

let repeating = 0;

/** Whether the call under way computes again what this forward pass has already computed. */
export function isRepeating(): boolean {
  return repeating > 0;
}

/** What stands for the pass under way where no `tidy` does: `execute` of a model opens none. */
let outside: object = {};

/**
 * Recognises when tfjs runs a layer or a nested model again within one forward pass: its executor calls it once for
 * each of its outputs that somebody wants, all layers inside included. While that goes on `isRepeating` is true.
 * Returns the function that stops watching.
 */
export function watchRepeats(tf: TensorFlow, layer: Layer): () => void {
  const isRepeat = repeatFinder(tf);
  return shadow(layer, "call", (next, args) => {
    const repeat = isRepeat(inputsOf(layer, args)) ? 1 : 0;
    repeating += repeat;
    try {
      return next(...args);
    } finally {
      repeating -= repeat;
    }
  });
}

/**
 * Takes note that every `execute` of a model is a pass of its own. Returns the function that undoes it.
 */
export function watchPasses(model: Model): () => void {
  return shadow(model, "execute", (next, args) => {
    outside = {};
    try {
      return next(...args);
    } finally {
      outside = {};
    }
  });
}

/**
 * Whether a layer puts out several tensors somewhere, and so may be called several times for one use of it. A model
 * does if it stands inside another one.
 */
export function hasSeveralOutputs(layer: Model | Layer): boolean {
  const { inboundNodes = [] } = layer as { inboundNodes?: readonly Node[] };
  // The first node of a model is the model itself: nothing comes before it.
  return inboundNodes.some(
    ({ inboundLayers, outputTensors }) => inboundLayers.length > 0 && outputTensors.length > 1,
  );
}

/** A use of a layer, as tfjs keeps it. */
interface Node {
  readonly inboundLayers: readonly Layer[];
  readonly outputTensors: readonly unknown[];
}

/**
 * Tells the first call of a forward pass from its repeats, which come with the very same tensors. Passes differ in the
 * `tidy` that they run in, so that the same tensors may be given to a model in pass after pass.
 */
function repeatFinder(tf: TensorFlow): (inputs: readonly Tensor[]) => boolean {
  const seen = new WeakMap<object, WeakMap<object, Set<string>>>();
  return (inputs) => {
    const { activeScope } = tf.engine().state;
    const within = entry(seen, outside, () => new WeakMap<object, Set<string>>());
    const calls = entry(within, activeScope ?? outside, () => new Set<string>());
    const key = inputs.map((tensor) => tensor.id).join();
    const isRepeat = calls.has(key);
    calls.add(key);
    return isRepeat;
  };
}

function entry<V>(map: WeakMap<object, V>, key: object, make: () => V): V {
  const value = map.get(key) ?? make();
  map.set(key, value);
  return value;
}

/** The tensors of a call: a recurrent layer has its initial state among the further arguments. */
function inputsOf(layer: Layer, [inputs, kwargs]: unknown[]): Tensor[] {
  const isRecurrent = "cell" in layer || "forwardLayer" in layer;
  const { initialState } = (isRecurrent && (kwargs as { initialState?: Tensor[] | null } | undefined)) || {};
  return [inputs as Tensor | Tensor[], initialState ?? []].flat();
}
