import { shadow } from "./shadow.js";
import type { Layer, Model, SymbolicTensor, Tensor } from "./types.js";

/** Calls that have been begun and not yet all been seen; more than a pass ever needs, so that nothing piles up. */
const REMEMBERED = 256;

let repeating = 0;
let passes = 0;

/** Whether the call under way computes again what this forward pass has already computed. */
export function isRepeating(): boolean {
  return repeating > 0;
}

/**
 * Recognises when tfjs runs a layer or a nested model again within one forward pass: its executor calls it once for
 * each of its outputs that somebody wants, all layers inside included. While that goes on `isRepeating` is true.
 * Returns the function that stops watching.
 */
export function watchRepeats(layer: Layer, fetched: number): () => void {
  const isRepeat = repeatCounter(fetched);
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
 * Takes note that every `execute` of a model begins a pass of its own: it may fetch fewer outputs than the model
 * has, and leave calls outstanding that will never come. Returns the function that undoes it.
 */
export function watchPasses(model: Model): () => void {
  return shadow(model, "execute", (next, args) => {
    passes++;
    try {
      return next(...args);
    } finally {
      passes++;
    }
  });
}

/**
 * Tells the first call of a forward pass from its repeats: the calls come with the very same tensors, `fetched` at
 * a time. Counting, and not only comparing, lets the same tensor be given to a model in pass after pass.
 */
export function repeatCounter(fetched: number): (inputs: readonly Tensor[]) => boolean {
  const counts = new Map<string, number>();
  return (inputs) => {
    const key = `${passes}:${inputs.map((tensor) => tensor.id).join()}`;
    const count = (counts.get(key) ?? 0) + 1;
    counts.delete(key);
    if (count < fetched) counts.set(key, count);
    if (counts.size > REMEMBERED) counts.delete(counts.keys().next().value as string);
    return count > 1;
  };
}

/**
 * How many times each layer of a model's graph is called in one forward pass of the model, if that is more than
 * once for one use of the layer.
 */
export function fetchedOutputs(model: Model): Map<Layer, number> {
  const reached = new Map<number, SymbolicTensor>();
  const open = [...model.outputs];
  for (let tensor = open.pop(); tensor !== undefined; tensor = open.pop()) {
    if (reached.has(tensor.id)) continue;
    reached.set(tensor.id, tensor);
    open.push(...tensor.inputs);
  }

  const uses = new Map<Layer, Map<number, number>>();
  for (const { sourceLayer, nodeIndex } of reached.values()) {
    const outputs = uses.get(sourceLayer) ?? new Map<number, number>();
    uses.set(sourceLayer, outputs.set(nodeIndex, (outputs.get(nodeIndex) ?? 0) + 1));
  }
  const most = [...uses].map(([layer, outputs]) => [layer, Math.max(...outputs.values())] as const);
  return new Map(most.filter(([, count]) => count > 1));
}

/** The tensors of a call: a recurrent layer has its initial state among the further arguments. */
function inputsOf(layer: Layer, [inputs, kwargs]: unknown[]): Tensor[] {
  const isRecurrent = "cell" in layer || "forwardLayer" in layer;
  const { initialState } = (isRecurrent && (kwargs as { initialState?: Tensor[] | null } | undefined)) || {};
  return [inputs as Tensor | Tensor[], initialState ?? []].flat();
}
