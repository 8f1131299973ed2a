import type { Tensor, TensorFlow } from "./types.js";

/** Backends whose values lie in memory that the processor reads: nothing waits, so they are read on the spot. */
const IMMEDIATE = new Set(["cpu", "wasm", "tensorflow"]);

/** Backends that can be made to wait for the GPU in the midst of a forward pass. WebGPU cannot. */
const BLOCKING = new Set(["webgl"]);

/** Bytes on a GPU that may wait to be read. A validation inside `fit` never lets them come by themselves. */
const MOST_WAITING = 256 * 2 ** 20;

/** What has been read of a tensor. `data` may be the tensor's own memory: it is only to be read, and at once. */
export interface Values {
  readonly data: ArrayLike<number>;
  readonly shape: readonly number[];
}

/** Takes what has been read, in the order of the tensors; the function throws if it could not be. */
export type Deliver = (values: () => Values[]) => void;

/** How a `Readback` reads; left out, whatever suits the backend in use. */
export interface ReadbackOptions {
  /** Whether to read on the spot. */
  readonly immediate?: boolean;
  /** Whether to read on the spot from a GPU too, where it can be waited for. */
  readonly waits?: boolean;
  /** Bytes that may wait to be read before the GPU is waited for. */
  readonly mostWaiting?: number;
  /** Told once, with the bytes that wait, where they are too many and the GPU cannot be waited for. */
  readonly onFull?: (bytes: number) => void;
}

/** Something to be done in its turn. */
interface Job {
  /** Does it; `null` while its values are on their way. */
  action: (() => void) | null;
  /** Waits for the values, and so makes the action ready. */
  readonly hurry: () => void;
  /** Resolves when it is ready. */
  readonly ready: Promise<void>;
  readonly bytes: number;
}

/**
 * Reads tensors without making a GPU wait, and keeps everything in order: what has been handed to `read` and
 * `run` happens in that very order, at once as long as nothing has to be waited for.
 */
export class Readback {
  readonly #tf: TensorFlow;
  readonly #immediate: boolean | undefined;
  readonly #waits: boolean;
  readonly #mostWaiting: number;
  #onFull: ((bytes: number) => void) | undefined;
  readonly #jobs: Job[] = [];
  readonly #errors: unknown[] = [];
  #bytes = 0;

  constructor(
    tf: TensorFlow,
    { immediate, waits = false, mostWaiting = MOST_WAITING, onFull }: ReadbackOptions = {},
  ) {
    this.#tf = tf;
    this.#immediate = immediate;
    this.#waits = waits;
    this.#mostWaiting = mostWaiting;
    this.#onFull = onFull;
  }

  /** Whether something has been asked for that has not happened yet. */
  get pending(): boolean {
    return this.#jobs.length > 0;
  }

  /** Reads tensors, which may be disposed as soon as this returns. */
  read(tensors: readonly Tensor[], deliver: Deliver): void {
    const backend = this.#tf.getBackend();
    const isThere = IMMEDIATE.has(backend) || (this.#waits && BLOCKING.has(backend));
    if (!this.pending && (this.#immediate ?? isThere)) {
      deliver(() => tensors.map((tensor) => ({ data: tensor.dataSync(), shape: tensor.shape })));
      return;
    }
    const job = readingJob(tensors, deliver);
    this.#jobs.push(job);
    this.#bytes += job.bytes;
    void job.ready.then(() => this.#advance());
    if (this.#bytes > this.#mostWaiting) this.#relieve(BLOCKING.has(backend));
  }

  /** Does something in its turn, at once if nothing is waited for. An error comes from here, or else from `flush`. */
  post(action: () => void): void {
    if (this.pending) this.#jobs.push({ action, hurry: () => {}, ready: Promise.resolve(), bytes: 0 });
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
    while (this.pending) {
      await this.#jobs[0]!.ready;
      this.#advance();
    }
    const [error] = this.#errors.splice(0);
    if (error !== undefined) throw error;
  }

  /** Does all that is ready and has nothing before it that is not. */
  #advance(): void {
    for (let job = this.#jobs[0]; job?.action; job = this.#jobs[0]) {
      this.#jobs.shift();
      this.#bytes -= job.bytes;
      try {
        job.action();
      } catch (error) {
        this.#errors.push(error);
      }
    }
  }

  /** Does everything, waiting for the GPU as often as that takes; says that it is too much where that cannot be. */
  #relieve(isBlocking: boolean): void {
    if (!isBlocking) {
      this.#onFull?.(this.#bytes);
      this.#onFull = undefined;
      return;
    }
    for (const job of this.#jobs) if (!job.action) job.hurry();
    this.#advance();
  }
}

function readingJob(tensors: readonly Tensor[], deliver: Deliver): Job {
  const shapes = tensors.map(({ shape }) => shape);
  const copies = tensors.map((tensor) => {
    const copy = tensor.clone();
    // A clone shares the values; kept, it outlives the `tidy` of the forward pass.
    copy.kept = true;
    return copy;
  });
  const reading = Promise.all(copies.map((copy) => copy.data()));
  const read = (data: readonly ArrayLike<number>[]) => () =>
    deliver(() => data.map((values, i) => ({ data: values, shape: shapes[i]! })));
  const failed = (error: unknown) => () =>
    deliver(() => {
      throw error;
    });

  const job: Job = {
    action: null,
    hurry() {
      try {
        job.action = read(copies.map((copy) => copy.dataSync()));
      } catch (error) {
        job.action = failed(error);
      }
    },
    ready: reading
      .finally(() => {
        for (const copy of copies) copy.dispose();
      })
      .then(
        (data) => void (job.action ??= read(data)),
        (error: unknown) => void (job.action ??= failed(error)),
      ),
    bytes: shapes.reduce((sum, shape) => sum + 4 * shape.reduce((a, b) => a * b, 1), 0),
  };
  return job;
}
