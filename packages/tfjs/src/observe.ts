import { activatedPart } from "./layer-kinds.js";
import { isRepeating } from "./repeats.js";
import { shadow } from "./shadow.js";
import type { Layer, Tensor, TensorFlow } from "./types.js";

/**
 * Whether a layer's values are taken before or after its activation function. One for layers that have none, or have
 * it where its value is no output (inside a recurrence).
 */
export type Activations = "pre" | "post";

/** Someone who wants to see what a layer puts out. */
export interface LayerObserver {
  readonly activations: Activations;
  /**
   * Called in the midst of the forward pass, once for each use of the layer.
   *
   * @param outputs - All that the layer puts out; one tensor as a rule.
   * @param training - What the pass says of itself: `undefined` where it says nothing.
   */
  observe(outputs: readonly Tensor[], training: boolean | undefined): void;
}

/** A layer with an activation function of its own, as tfjs keeps it. */
interface Activated extends Layer {
  activation?: Activation | null;
}

interface Activation {
  getClassName(): string;
  apply(x: unknown): unknown;
}

const LINEAR: Activation = { getClassName: () => "linear", apply: (x) => x };

/** All who observe one layer, and how to let go of it. */
interface Watch {
  readonly observers: Set<LayerObserver>;
  remove(): void;
}

const watches = new WeakMap<Layer, Watch>();

/**
 * Shows every output of a layer to an observer, until the returned function is called. All observers of a layer
 * share one own `call` property of it: `apply` would miss the layers that wrappers call by `call`, and tfjs's call
 * hook sees inputs only.
 */
export function observeLayer(tf: TensorFlow, layer: Layer, observer: LayerObserver): () => void {
  const { observers, remove } = watches.get(layer) ?? watch(tf, layer);
  observers.add(observer);
  return () => {
    if (observers.delete(observer) && observers.size === 0) remove();
  };
}

function watch(tf: TensorFlow, layer: Layer): Watch {
  const observers = new Set<LayerObserver>();
  const activated = activatedPart(layer);
  const release = shadow(layer, "call", (next, args) => observed(tf, activated, observers, next, args));
  const remove = () => {
    release();
    watches.delete(layer);
  };
  watches.set(layer, { observers, remove });
  return { observers, remove };
}

type Next = (...args: unknown[]) => unknown;

function observed(
  tf: TensorFlow,
  activated: Activated | undefined,
  observers: Set<LayerObserver>,
  next: Next,
  args: unknown[],
): unknown {
  if (isRepeating()) return next(...args);
  // tfjs's recurrent layers say `null` to their cells where they have been told nothing.
  const training = (args[1] as { training?: boolean | null } | undefined)?.training ?? undefined;
  const show = (activations: Activations, output: unknown) => {
    const tensors = (Array.isArray(output) ? output : [output]) as Tensor[];
    for (const observer of observers)
      if (observer.activations === activations) observer.observe(tensors, training);
  };

  const activation = activated?.activation;
  const wantsPre = [...observers].some((observer) => observer.activations === "pre");
  if (!wantsPre || !activation || activation.getClassName() === "linear") {
    const output = next(...args);
    show("pre", output);
    show("post", output);
    return output;
  }
  return inTwoSteps(tf, activated, activation, () => next(...args), show);
}

/**
 * Calls a layer as if it, or the layer inside it, had no activation function, then applies the function. The tfjs cpu
 * backend computes the same bits this way; one that fuses the two (wasm: 9e-8 in the weights after training) may round
 * differently.
 */
function inTwoSteps(
  tf: TensorFlow,
  activated: Activated,
  activation: Activation,
  call: () => unknown,
  show: (activations: Activations, output: unknown) => void,
): unknown {
  let output: unknown;
  // `tidy` disposes the value before the activation, unless a gradient needs it, and spares what is returned.
  tf.tidy(() => {
    activated.activation = LINEAR;
    let before: unknown;
    try {
      before = call();
    } finally {
      activated.activation = activation;
    }
    show("pre", before);
    output = activation.apply(before);
    show("post", output);
    return output;
  });
  return output;
}
