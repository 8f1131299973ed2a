import { createProgress, type Progress } from "@delve/stats";
import { markAsOurs } from "./fit-callbacks.js";
import type { CallbackHandlers, Logs, TensorFlow, YieldEvery } from "./types.js";

/** What a callback does to the tracker it belongs to. */
export interface EpochRecorder {
  addScalar(name: string, value: number): void;
  addSaturations(): Promise<void>;
  flush(): Promise<void>;
}

/** Options of `tracker.callback()`. */
export interface CallbackOptions {
  /** Show how far training is, on standard error; true when left out. A browser has none. */
  readonly progress?: boolean | undefined;
  /**
   * How often training gives way to timers, rendering and the like, as in `fit`: `"auto"` when left out, about 125
   * times a second. The `yieldEvery` of a `fit` of the tracked model comes before it.
   */
  readonly yieldEvery?: YieldEvery | undefined;
}

/** What tfjs tells its callbacks of the training to come. */
interface FitParams {
  readonly epochs?: number | null;
  readonly samples?: number | null;
  readonly batchSize?: number | null;
  readonly steps?: number | null;
}

/** An instance of `tf.CustomCallback`, as tfjs keeps it. */
interface CallbackInstance extends Required<CallbackHandlers> {
  params?: FitParams;
}

/**
 * A callback for `fit` that, at the end of every epoch, adds the epoch's numbers as scalars and then the
 * statistics of all layers.
 *
 * It is an instance of `tf.CustomCallback`, with all handlers as own properties: tfjs takes the handlers of an
 * instance off it where a plain object comes first in the list, and those of the class would call themselves.
 */
export function createCallback<T extends TensorFlow>(
  tf: T,
  recorder: EpochRecorder,
  { progress = true, yieldEvery = "auto" }: CallbackOptions = {},
): InstanceType<T["CustomCallback"]> {
  const instance = new tf.CustomCallback({}) as CallbackInstance;
  // The handlers of the class give the event loop its turns: a page stays alive, timers run.
  const paceOf = (every: YieldEvery) => new tf.CustomCallback({}, every) as CallbackInstance;
  let pace = paceOf(yieldEvery);
  const line = new TrainingLine(() => (progress ? instance.params : undefined));

  const handlers: Required<CallbackHandlers> = {
    onTrainBegin: async () => line.finish(),
    async onEpochBegin(epoch) {
      line.epochBegins(epoch);
    },
    async onBatchBegin() {},
    async onBatchEnd(batch, logs) {
      await recorder.flush();
      line.batchEnds(batch);
      await pace.onBatchEnd(batch, logs);
    },
    async onEpochEnd(epoch, logs) {
      await recorder.flush();
      const scalars = await scalarsOf(logs ?? {});
      for (const [name, value] of scalars) recorder.addScalar(name, value);
      line.clear();
      await recorder.addSaturations();
      line.epochEnds(scalars);
      await pace.onEpochEnd(epoch, logs);
    },
    async onTrainEnd() {
      await recorder.flush();
      line.finish();
    },
  };
  return markAsOurs(Object.assign(instance, handlers), (fit) => {
    pace = paceOf(fit.yieldEvery ?? yieldEvery);
  }) as InstanceType<T["CustomCallback"]>;
}

/**
 * The numbers of an epoch, training before validation, under tfjs's own names. Numbers that are still on the GPU
 * are read; their tensors belong to tfjs and stay.
 */
async function scalarsOf(logs: Logs): Promise<[string, number][]> {
  const scalars = await Promise.all(
    Object.entries(logs).map(async ([name, value]): Promise<[string, number]> => {
      return [name, typeof value === "number" ? value : Number((await value.data())[0])];
    }),
  );
  const isValidation = ([name]: [string, number]) => Number(name.startsWith("val_"));
  return scalars.sort((a, b) => isValidation(a) - isValidation(b));
}

/** The line of progress of one training: epochs, in steps of a batch where their number is known. */
class TrainingLine {
  readonly #params: () => FitParams | undefined;
  #progress: Progress | null = null;
  #epoch = 0;
  #info: Record<string, number> = {};

  /** @param params - What is known of the training; nothing if nothing is to be shown. */
  constructor(params: () => FitParams | undefined) {
    this.#params = params;
  }

  epochBegins(epoch: number): void {
    this.#epoch = epoch;
    const total = this.#params()?.epochs;
    if (total) this.#progress ??= createProgress({ total, label: "epoch" });
  }

  batchEnds(batch: number): void {
    const { samples, batchSize, steps } = this.#params() ?? {};
    const batches = steps ?? (samples && batchSize ? Math.ceil(samples / batchSize) : 0);
    // The end of the epoch itself is shown once its statistics are in.
    if (batches > batch + 1) this.#progress?.update(this.#epoch + (batch + 1) / batches, this.#info);
  }

  epochEnds(scalars: Iterable<[string, number]>): void {
    this.#info = Object.fromEntries(scalars);
    this.#progress?.update(this.#epoch + 1, this.#info);
  }

  /** Makes room for what a writer may print. */
  clear(): void {
    this.#progress?.clear();
  }

  /** Ends the line. One of a training that failed ends when the next begins. */
  finish(): void {
    this.#progress?.finish();
    this.#progress = null;
    this.#info = {};
  }
}
