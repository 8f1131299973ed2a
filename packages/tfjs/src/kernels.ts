import { shadow } from "./shadow.js";
import type { Tensor, TensorFlow } from "./types.js";

/** Told of every kernel that tfjs is about to run, and of the tensors it is given. */
export type KernelWatcher = (kernel: string, inputs: Readonly<Record<string, Tensor>>) => void;

let watcher: KernelWatcher | null = null;
const installed = new Map<object, { users: number; remove(): void }>();

/**
 * Makes the kernels of tfjs's engine visible to `watchingKernels`, until the returned function is called. For as long
 * as anybody needs it the engine has one own property.
 */
export function exposeKernels(tf: TensorFlow): () => void {
  const engine = tf.engine();
  const entry = installed.get(engine) ?? { users: 0, remove: install(engine) };
  installed.set(engine, entry);
  entry.users++;
  return () => {
    if (--entry.users > 0) return;
    entry.remove();
    installed.delete(engine);
  };
}

function install(engine: object): () => void {
  return shadow(engine, "runKernel", (next, args) => {
    watcher?.(args[0] as string, args[1] as Record<string, Tensor>);
    return next(...args);
  });
}

/** Runs something with a watcher on the kernels that it runs. */
export function watchingKernels<R>(watch: KernelWatcher, run: () => R): R {
  const before = watcher;
  watcher = watch;
  try {
    return run();
  } finally {
    watcher = before;
  }
}
