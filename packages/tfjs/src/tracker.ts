import { type Backend, openBackend } from "@delve/kernel";
import { consoleLog, type SaveRecord, SaturationTracker as StatsTracker, type Storage } from "@delve/stats";
import { type CallbackOptions, createCallback } from "./callback.js";
import { mixCallbacks } from "./fit-callbacks.js";
import { gpuDeviceOf } from "./gpu-values.js";
import type { FoundGraph } from "./graph-model/find-graph-nodes.js";
import { graphOutput } from "./graph-model/graph-output.js";
import { observeGraphModel } from "./graph-model/observe-graph-model.js";
import { type FoundLayer, modelsOf } from "./layers.js";
import { observeLayer } from "./observe.js";
import { resolveOwnOptions, type SaturationTrackerOptions, type Settings } from "./options.js";
import { Readback } from "./readback.js";
import { findRecordable, type Recordable } from "./recordable.js";
import { Recorder } from "./recorder.js";
import { watchPasses, watchRepeats } from "./repeats.js";
import type { TensorFlow } from "./types.js";

/**
 * Tells at the end of every epoch how much of its feature space each layer of a TensorFlow.js model uses.
 *
 * From `open` to `close` (or `detach`) every forward pass is seen, whoever starts it: `fit`, `fitDataset`,
 * `trainOnBatch`, `evaluate`, `predict`, a loop of one's own. Passes with `{ training: true }`, and those that say
 * nothing while a gradient is recorded, count as training; all others as evaluation, so the validation inside
 * `fit` too. The model computes the same bits with and without a tracker on the tfjs cpu backend.
 *
 * @example
 * import * as tf from "@tensorflow/tfjs";
 * const model = tf.sequential({ layers: [tf.layers.dense({ units: 3, inputShape: [2], name: "hidden" })] });
 * model.compile({ optimizer: "sgd", loss: "meanSquaredError" });
 * const tracker = await SaturationTracker.open({ tf, model, stats: ["lsat", "idim"] });
 * const [x, y] = [tf.randomNormal([64, 2]), tf.randomNormal([64, 3])];
 * await model.fit(x, y, { epochs: 2, callbacks: tracker.callback({ progress: false }) });
 * tracker.layers; // ["hidden"]
 * await tracker.close();
 */
export class SaturationTracker<T extends TensorFlow = TensorFlow> implements AsyncDisposable {
  readonly #settings: Settings<T>;
  readonly #stats: StatsTracker;
  readonly #readback: Readback;
  readonly #recorder: Recorder;
  readonly #found: Recordable;
  #undo: (() => void)[] = [];
  /** The backend, if this tracker has loaded it. */
  readonly #ownBackend: Backend | null;
  #closed: Promise<void> | null = null;

  /**
   * A tracker that watches the model from now on.
   *
   * @throws {RangeError | TypeError} If an option is unknown, missing or out of range, or no layer can be recorded.
   * @throws {BackendUnavailableError} If the device is unknown or cannot run here.
   */
  static async open<T extends TensorFlow>(
    options: SaturationTrackerOptions<T>,
  ): Promise<SaturationTracker<T>> {
    const settings = resolveOwnOptions(options);
    const found = await findRecordable(settings);
    const { tf, computing } = settings;
    const ownBackend = computing.backend
      ? null
      : await openBackend("SaturationTracker.open", computing, gpuDeviceOf(tf));
    const backend = computing.backend ?? ownBackend!;
    try {
      const stats = await StatsTracker.open({ ...settings.rest, backend });
      return new SaturationTracker(settings, stats, found, ownBackend);
    } catch (error) {
      ownBackend?.dispose();
      throw error;
    }
  }

  private constructor(
    settings: Settings<T>,
    stats: StatsTracker,
    found: Recordable,
    ownBackend: Backend | null,
  ) {
    this.#settings = settings;
    this.#stats = stats;
    this.#found = found;
    this.#ownBackend = ownBackend;
    this.#readback = new Readback(settings.tf, { onFull: (bytes) => warnOfFull(settings, bytes) });
    this.#recorder = new Recorder(settings.tf, stats, this.#readback, settings.rest.maxSamples);
    this.#attach();
  }

  /** Names of the layers that are watched, in the order in which the model lists them. */
  get layers(): readonly string[] {
    const { layers, graphs } = this.#found;
    const streams = [...layers.flatMap((layer) => layer.streams), ...graphs.flatMap((graph) => graph.nodes)];
    return streams.map(({ name }) => name);
  }

  /** Where results go (Delve: `savefile`). */
  get savePath(): string {
    return this.#stats.savePath;
  }

  /** Where files go; read them back from it where there is no file system. */
  get storage(): Storage {
    return this.#stats.storage;
  }

  /** The last save as data; `null` before the first has been computed. */
  get latest(): SaveRecord | null {
    return this.#stats.latest;
  }

  /** How many batches were refused, by layer. */
  get dropped(): ReadonlyMap<string, number> {
    return this.#stats.dropped;
  }

  get isRecording(): boolean {
    return this.#stats.isRecording;
  }

  /** Lets forward passes go by unrecorded until `resume`. What has been recorded stays. */
  stop(): void {
    this.#stats.stop();
  }

  resume(): void {
    this.#stats.resume();
  }

  /**
   * A callback for `fit` and `fitDataset`, alone or anywhere in a list of callbacks of any kind. At the end of
   * every epoch it adds what tfjs reports (`loss`, `val_loss`, metrics) as scalars, then calls `addSaturations`.
   */
  callback(options?: CallbackOptions): InstanceType<T["CustomCallback"]> {
    return createCallback(this.#settings.tf, this, options);
  }

  /** Adds a number of one's own to the next save, e.g. a loss. */
  addScalar(name: string, value: number): void {
    this.#readback.post(() => this.#stats.addScalar(name, value));
  }

  /**
   * Closes an epoch: every statistic of every layer is computed, from the forward passes up to this call and none
   * after it, and written. That holds on a GPU too, where the values of the last passes may still be on their way:
   * the call then takes effect, in its turn, once they are there.
   *
   * @param options - `save: false` holds the result back until `save()` or the next call.
   * @returns When this save has been written.
   */
  addSaturations(options?: { readonly save?: boolean }): Promise<void> {
    return this.#readback.run(() => this.#stats.addSaturations(options));
  }

  /** Writes what has been added since the last save as one row. */
  save(): Promise<void> {
    return this.#readback.run(() => this.#stats.save());
  }

  /**
   * Resolves when the values of all forward passes so far have been taken in. On the cpu and wasm backends they
   * always are; in a loop of one's own on a GPU, awaiting this now and then bounds the memory that waits.
   */
  flush(): Promise<void> {
    return this.#readback.flush();
  }

  /** Takes its hands off the model, which is as it was before. What has been recorded can still be saved. */
  detach(): void {
    for (const undo of this.#undo.splice(0)) undo();
  }

  /** Detaches, writes what is still waiting, closes the writers and frees all memory. Idempotent. */
  close(): Promise<void> {
    this.#closed ??= this.#finish();
    return this.#closed;
  }

  async #finish(): Promise<void> {
    this.detach();
    try {
      await this.#readback.flush();
    } finally {
      await this.#stats.close();
      this.#ownBackend?.dispose();
    }
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #attach(): void {
    const { tf, modules } = this.#settings;
    this.#undo = [
      ...this.#found.layers.map((found) => this.#watch(found)),
      ...this.#found.graphs.map((found) => this.#watchGraph(found)),
      ...[...this.#found.repeated].map((layer) => watchRepeats(tf, layer)),
      ...modelsOf(modules).flatMap((model) => [watchPasses(model), mixCallbacks(tf, model)]),
    ];
  }

  #watch(found: FoundLayer): () => void {
    const { tf, activations } = this.#settings;
    return observeLayer(tf, found.layer, {
      activations,
      observe: (outputs, training = tf.engine().state.gradientDepth > 0) => {
        this.#recorder.take(found, outputs, training ? "train" : "eval");
      },
    });
  }

  #watchGraph(found: FoundGraph): () => void {
    // A graph model is made for inference: what passes through it is evaluation.
    return observeGraphModel(found, {
      wants: ({ name }) => this.#recorder.wants(name, "eval"),
      observe: ({ name, node }, value) =>
        this.#recorder.record(name, [value], "eval", (output) => graphOutput(node, output)),
    });
  }
}

/** Says, once, that a WebGPU holds more than it should. */
function warnOfFull({ rest }: Settings<TensorFlow>, bytes: number): void {
  const message = `${Math.round(bytes / 2 ** 20)} MiB of outputs wait on the GPU to be read. Await tracker.flush() between batches, or set maxSamples`;
  (rest.logger ?? consoleLog)("warn", message, { bytes });
}
