import { shadow } from "./shadow.js";
import type { CallbackHandlers, Model, TensorFlow, YieldEvery } from "./types.js";

/** What `fit` and `fitDataset` take as options, as far as it is of interest here. */
export interface FitOptions {
  readonly callbacks?: unknown;
  readonly yieldEvery?: YieldEvery;
}

/** Callbacks that `mixCallbacks` stands up for, and what they are told when a `fit` that has them begins. */
const ours = new WeakMap<object, (options: FitOptions) => void>();

/**
 * Marks a callback as one that may stand anywhere in a list.
 *
 * @param fitBegins - Called with the options of each `fit` of a watched model, before anything else.
 */
export function markAsOurs<T extends object>(callback: T, fitBegins: (options: FitOptions) => void): T {
  ours.set(callback, fitBegins);
  return callback;
}

const METHODS = [
  { key: "fit", place: 2 },
  { key: "fitDataset", place: 1 },
];

/**
 * Lets a model's `fit` take plain objects beside instances of tfjs's callback classes, in any order, wherever one of
 * ours is in the list. tfjs itself goes by the first of the list: an instance there makes it fail at the first
 * plain object, and a plain object makes it take instances apart. Returns the function that undoes it.
 */
export function mixCallbacks(tf: TensorFlow, model: Model): () => void {
  const undo = METHODS.map(({ key, place }) =>
    shadow(model, key, (next, args) => {
      const options = args[place] as FitOptions | undefined;
      const callbacks = asInstances(tf, options);
      if (!callbacks) return next(...args);
      return next(...args.slice(0, place), { ...options, callbacks }, ...args.slice(place + 1));
    }),
  );
  return () => {
    for (const remove of undo) remove();
  };
}

/** The callbacks as instances, if one of ours is among them. */
function asInstances(tf: TensorFlow, options: FitOptions = {}): object[] | undefined {
  const { callbacks, yieldEvery } = options;
  const list = (Array.isArray(callbacks) ? callbacks : [callbacks]) as object[];
  if (!list.some((callback) => ours.has(callback))) return undefined;
  return list.map((callback) => {
    ours.get(callback)?.(options);
    const isInstance = "setParams" in callback && "setModel" in callback;
    return isInstance ? callback : new tf.CustomCallback(callback as CallbackHandlers, yieldEvery);
  });
}
