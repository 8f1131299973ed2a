import type { Tensor, TensorFlow } from "./types.js";

/** Backends whose values lie in memory that the processor reads: nothing waits, so they are read on the spot. */
const IMMEDIATE = new Set(["cpu", "wasm", "tensorflow"]);

/** What has been read of a tensor. `data` may be the tensor's own memory: it is only to be read, and at once. */
export interface Values {
  readonly data: ArrayLike<number>;
  readonly shape: readonly number[];
}

/** Takes what has been read; the function throws if it could not be. */
export type Deliver = (values: () => Values) => void;

/**
 * Reads tensors without making a GPU wait, and keeps everything in order: what has been handed to `read` and
 * `run` happens in that very order, at once as long as nothing has to be waited for.
 */
export class Readback {
  readonly #tf: TensorFlow;
  readonly #immediate: boolean | undefined;
  #tail: Promise<void> | null = null;
  #errors: unknown[] = [];

  /** @param immediate - Whether to read on the spot; left out, whatever suits the backend in use. */
  constructor(tf: TensorFlow, immediate?: boolean) {
    this.#tf = tf;
    this.#immediate = immediate;
  }

  /** Whether something has been asked for that has not happened yet. */
  get pending(): boolean {
    return this.#tail !== null;
  }

  /** Reads a tensor, which may be disposed as soon as this returns. */
  read(tensor: Tensor, deliver: Deliver): void {
    const { shape } = tensor;
    const immediate = this.#immediate ?? IMMEDIATE.has(this.#tf.getBackend());
    if (immediate && !this.pending) {
      deliver(() => ({ data: tensor.dataSync(), shape }));
      return;
    }
    const copy = tensor.clone();
    // A clone shares the values; kept, it outlives the `tidy` of the forward pass.
    copy.kept = true;
    const reading = copy.data().finally(() => copy.dispose());
    this.#queue(reading, (data) => deliver(() => ({ data: data(), shape })));
  }

  /** Does something in its turn, at once if nothing is waited for. An error comes from here, or else from `flush`. */
  post(action: () => void): void {
    if (this.pending) this.#queue(Promise.resolve(), action);
    else action();
  }

  /** Does something in its turn, at once if nothing is waited for, and gives what comes of it. */
  run<T>(action: () => Promise<T>): Promise<T> {
    if (!this.pending) return action();
    // What it promises is not waited for: a snapshot that is being written holds up no later batch.
    return new Promise((resolve, reject) => {
      this.post(() => void action().then(resolve, reject));
    });
  }

  /**
   * Resolves when all that has been asked for has happened.
   *
   * @throws The first error that one of them let through since the last `flush`.
   */
  async flush(): Promise<void> {
    while (this.#tail) await this.#tail;
    const [error] = this.#errors.splice(0);
    if (error !== undefined) throw error;
  }

  #queue<T>(ready: Promise<T>, action: (value: () => T) => void): void {
    // Attached at once: a reading that fails while earlier ones are waited for is no unhandled rejection.
    const settled = ready.then(
      (value) => () => value,
      (error: unknown) => () => {
        throw error;
      },
    );
    const turn = (this.#tail ?? Promise.resolve())
      .then(async () => action(await settled))
      .catch((error: unknown) => void this.#errors.push(error))
      .then(() => {
        if (this.#tail === turn) this.#tail = null;
      });
    this.#tail = turn;
  }
}
