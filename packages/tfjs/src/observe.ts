import { exposeKernels, watchingKernels } from "./kernels.js";
import { activatedPart, featureAxis } from "./layer-kinds.js";
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

/** Kernels of the functions that tfjs's layers can fuse with a product. */
const FUSIBLE: Readonly<Record<string, string>> = { relu: "Relu", elu: "Elu" };

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
  const conceal = activated ? exposeKernels(tf) : () => {};
  const release = shadow(layer, "call", (next, args) => observed(tf, activated, observers, next, args));
  const remove = () => {
    release();
    conceal();
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
  const call = () => next(...args);
  const oneStep = tf.engine().state.gradientDepth > 0 && asOneStep(activated, activation, args[0]);
  return oneStep
    ? inOneStep(tf, activated, { ...oneStep, call, show })
    : inTwoSteps(tf, activated, activation, call, show);
}

/** Layers whose activation function is given other axes than theirs: those of wrappers, Dense over steps. */
const unseen = new WeakSet<Layer>();

/** What to look out for; nothing where the function is not given just what the layer would put out without it. */
function asOneStep(
  activated: Activated,
  activation: Activation,
  input: unknown,
): { kernel: string; rank: number } | undefined {
  const kernel = FUSIBLE[activation.getClassName()];
  if (!kernel || unseen.has(activated)) return undefined;
  const rank = ((Array.isArray(input) ? input[0] : input) as Tensor).shape.length;
  // Channels first, tfjs computes channels last, function included, and turns the output round.
  return featureAxis(activated, rank) === rank - 1 ? { kernel, rank } : undefined;
}

interface OneStep {
  /** Name of the kernel that is the activation function. */
  readonly kernel: string;
  /** Axes of the layer's output, as of its input. */
  readonly rank: number;
  readonly call: () => unknown;
  readonly show: (activations: Activations, output: unknown) => void;
}

/**
 * Calls a layer as it is, and looks at what its activation function is given. While a gradient is recorded tfjs runs
 * product and function apart, as long as there is a function. Told that there is none it would fuse product and bias,
 * and later compute the gradient for the layer's input too, wanted or not: half as much again for a small network.
 */
function inOneStep(tf: TensorFlow, activated: Activated, { kernel, rank, call, show }: OneStep): unknown {
  let seen = false;
  const output = watchingKernels((name, { x }) => {
    if (seen || name !== kernel || x?.shape.length !== rank) return;
    seen = true;
    show("pre", x);
  }, call);
  if (!seen) {
    // Found out at the price of a second call, once.
    unseen.add(activated);
    tf.tidy(() => show("pre", withoutActivation(activated, call)));
  }
  show("post", output);
  return output;
}

/**
 * Calls a layer as if it, or the layer inside it, had no activation function, then applies the function. The tfjs cpu
 * backend computes the same bits this way; one that fuses the two (wasm) may round differently.
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
    const before = withoutActivation(activated, call);
    show("pre", before);
    output = activation.apply(before);
    show("post", output);
    return output;
  });
  return output;
}

function withoutActivation(activated: Activated, call: () => unknown): unknown {
  const { activation = null } = activated;
  activated.activation = LINEAR;
  try {
    return call();
  } finally {
    activated.activation = activation;
  }
}
