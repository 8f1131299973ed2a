import type { MomentsState } from "@delve/kernel";
import { type LayerSnapshot, Layers } from "./layers.js";
import { show, unknownName } from "./names.js";
import { resolveOptions, type TrackerOptions, type TrackerSettings } from "./options.js";
import type { Phase, SaveRecord, ScalarRecord } from "./records.js";
import { Refusals, withLayer } from "./refusals.js";
import { firstSamples, isOnGpu, kindOf, type LayerOutput, type OutputData } from "./sampling/layer-output.js";
import { needsValues, sampleMatrixOf } from "./sampling/sample-matrix-of.js";
import { needsOf, recordsOf } from "./save.js";
import type { Storage } from "./storage/storage.js";
import { openWriters } from "./writers/registry.js";
import { warnOfMatrices } from "./writers/warn-of-matrices.js";
import type { WriterSet } from "./writers/writer-set.js";

/** How a batch is recorded. */
export interface RecordOptions {
  /** `train` when left out. */
  readonly phase?: Phase;
  /** The forward pass was already counted, by `wants`. False when left out. */
  readonly counted?: boolean;
}

/** How the moments of a batch are recorded. */
export interface RecordMomentsOptions extends RecordOptions {
  /** Batch entries that the samples come from, as `maxSamples` counts them; the number of samples when left out. */
  readonly entries?: number;
}

/**
 * Records what the layers of a network give, batch by batch, and tells at each save how much of its feature space
 * each layer uses.
 *
 * Adapters find the layers and call `record`; by hand it goes like this:
 *
 * @example
 * import { referenceBackend } from "@delve/kernel/reference";
 * import { memoryStorage, SaturationTracker } from "@delve/stats";
 *
 * const storage = memoryStorage();
 * const tracker = await SaturationTracker.open({ backend: referenceBackend(), savePath: "runs/mlp", saveTo: "csv", storage });
 * tracker.record("layer1", { data: Float32Array.of(0, 1, 2, 1, 4, 1), shape: [3, 2] }, { phase: "train" });
 * tracker.addScalar("loss", 0.25);
 * await tracker.addSaturations();
 * await tracker.close();
 * new TextDecoder().decode((await storage.read("runs/mlp.csv"))!); // ";loss;train-saturation_layer1\n0;0.25;0.5\n"
 */
export class SaturationTracker implements AsyncDisposable {
  readonly #settings: TrackerSettings;
  readonly #writers: WriterSet;
  readonly #layers: Layers;
  readonly #refusals: Refusals;
  #pending: (ScalarRecord | LayerSnapshot)[] = [];
  #saves: number;
  #latest: SaveRecord | null = null;
  #queue: Promise<void> = Promise.resolve();
  #recording = true;
  #closed: Promise<void> | null = null;

  /**
   * A tracker that is ready to record.
   *
   * @throws {RangeError} If an option, statistic, writer or method is unknown, or a number lies outside its range.
   */
  static async open(options: TrackerOptions): Promise<SaturationTracker> {
    const settings = resolveOptions(options);
    warnOfMatrices(settings);
    return new SaturationTracker(settings, await openWriters(settings));
  }

  private constructor(settings: TrackerSettings, writers: WriterSet) {
    this.#settings = settings;
    this.#writers = writers;
    this.#layers = new Layers(settings.backend, {
      capacity: needsOf(settings).has("samples") ? settings.embedSamples : 0,
      seed: settings.seed,
    });
    this.#refusals = new Refusals(settings);
    this.#saves = settings.initialEpoch;
  }

  /** Where results go (Delve: `savefile`). */
  get savePath(): string {
    return this.#settings.savePath;
  }

  /** Where files go; read them back from it where there is no file system. */
  get storage(): Storage {
    return this.#settings.storage;
  }

  /** Layers in the order of their first recorded batch. */
  get layers(): readonly string[] {
    return this.#layers.names;
  }

  /** The last save as data; `null` before the first has been computed. */
  get latest(): SaveRecord | null {
    return this.#latest;
  }

  /** How many batches were refused, by layer. */
  get dropped(): ReadonlyMap<string, number> {
    return this.#refusals.byLayer;
  }

  /**
   * The GPUDevice in whose memory `record` takes outputs as they lie (`GpuValues`); `undefined` if the backend computes
   * elsewhere, or a statistic or the way of sampling needs the values themselves.
   */
  get gpuDevice(): object | undefined {
    const { gpuDevice, gpuPools } = this.#settings.backend;
    const needsThem = needsValues(this.#settings, gpuPools) || needsOf(this.#settings).has("samples");
    return needsThem ? undefined : gpuDevice;
  }

  get isRecording(): boolean {
    return this.#recording && this.#closed === null;
  }

  /** Lets forward passes go by unrecorded, and uncounted, until `resume`. What has been recorded stays. */
  stop(): void {
    this.#recording = false;
  }

  resume(): void {
    this.#recording = true;
  }

  /**
   * Counts a forward pass of a layer, and tells whether its output is to be recorded: not while stopped, not if the
   * layer is passed over, not between the passes that `logInterval` picks, and not once `maxSamples` is reached. For
   * adapters whose values come at a cost; give them to `record` with `{ counted: true }`.
   */
  wants(layer: string, phase: Phase = "train"): boolean {
    const { ignoreLayerNames, layerFilter, logInterval, maxSamples } = this.#settings;
    if (!this.isRecording || ignoreLayerNames.has(layer) || !layerFilter(layer)) return false;
    return this.#layers.countForward(layer) % logInterval === 0 && this.seen(layer, phase) < maxSamples;
  }

  /** Samples of a layer taken in since the last save, counted as batch entries: images, not their places. */
  seen(layer: string, phase: Phase = "train"): number {
    return this.#layers.seen(layer, phase);
  }

  /**
   * Takes in what a layer gave for a batch: all of it, or up to `maxSamples`, or nothing if it is refused. The
   * values have been read when this returns. Train and eval are kept apart.
   *
   * A batch is refused if its shape does not fit, if it is empty, if its number of features differs from the
   * layer's batches before, or if it holds a NaN or an infinity. With `onError: "warn"` that is a warning (once a
   * layer) and a count in `dropped`; with `"throw"` it is the error. What was recorded before stays in either case.
   *
   * @param output - Or a function that gives it: called only if it is to be recorded, and what it throws refuses the batch.
   * @returns Whether anything was recorded.
   */
  record(
    layer: string,
    output: LayerOutput<OutputData> | (() => LayerOutput<OutputData>),
    { phase = "train", counted = false }: RecordOptions = {},
  ): boolean {
    if (phase !== "train" && phase !== "eval") throw unknownName("record: phase", phase, ["train", "eval"]);
    if (this.#closed === null && !counted && !this.wants(layer, phase)) return false;
    return this.#refusals.guard(layer, phase, () =>
      this.#take(layer, phase, typeof output === "function" ? output() : output),
    );
  }

  /**
   * Takes in what has been accumulated of a batch elsewhere, such as inside the runtime of the model, as `record`
   * takes in its values. It is refused as a batch is, and if it has more entries than `maxSamples` has room for or
   * a statistic needs the samples themselves.
   *
   * @param state - Or a function that gives it: called only if it is to be recorded, and what it throws refuses it.
   * @returns Whether anything was recorded.
   */
  recordMoments(
    layer: string,
    state: MomentsState | (() => MomentsState),
    { phase = "train", counted = false, entries }: RecordMomentsOptions = {},
  ): boolean {
    if (phase !== "train" && phase !== "eval")
      throw unknownName("recordMoments: phase", phase, ["train", "eval"]);
    if (this.#closed === null && !counted && !this.wants(layer, phase)) return false;
    return this.#refusals.guard(layer, phase, () => {
      this.#checkOpen("recordMoments");
      const given = typeof state === "function" ? state() : state;
      const taken = entries ?? given.count;
      const room = this.#settings.maxSamples - this.seen(layer, phase);
      if (taken > room) {
        throw new RangeError(`recordMoments: maxSamples leaves room for ${room} samples, got ${taken}`);
      }
      this.#layers.merge(layer, phase, given, taken);
      return true;
    });
  }

  #checkOpen(caller: string): void {
    if (this.#closed !== null) throw new Error(`${caller}: the tracker is closed`);
  }

  #take(layer: string, phase: Phase, output: LayerOutput<OutputData>): boolean {
    this.#checkOpen("record");
    if (!this.#settings.includeConv && kindOf(output) === "conv") return false;
    if (isOnGpu(output.data) && output.data.device !== this.gpuDevice) {
      throw new TypeError(
        "record: values must lie in memory or on the tracker's gpuDevice, got a buffer elsewhere",
      );
    }
    const room = this.#settings.maxSamples - this.seen(layer, phase);
    if (room <= 0) return false;
    const batch = firstSamples(output, room);
    this.#layers.update(layer, phase, sampleMatrixOf(batch, this.#settings), batch.shape[0]!);
    return true;
  }

  /** Adds a number of one's own to the next save, e.g. a loss. */
  addScalar(name: string, value: number): void {
    if (typeof name !== "string" || name === "") {
      throw new TypeError(`addScalar: name must be a string that is not empty, got ${show(name)}`);
    }
    if (typeof value !== "number") {
      throw new TypeError(`addScalar: value of ${show(name)} must be a number, got ${show(value)}`);
    }
    this.#pending.push({ kind: "scalar", name, value });
  }

  /**
   * Closes an epoch: every statistic of every layer, from the samples up to this call, is computed and written.
   *
   * The samples are frozen before this returns; recording can go on at once while computing and writing are under
   * way. Saves are written one after another, in order. A layer without samples since the last save gives `null`.
   *
   * @param options - `save: false` holds the result back until `save()` or the next call.
   * @returns When this save has been written, or handed to the thread that draws its plots, for which `flush` and
   * `close` wait. With `onError: "throw"` it rejects if a writer failed.
   */
  addSaturations({ save = true }: { readonly save?: boolean } = {}): Promise<void> {
    if (this.#closed !== null) return Promise.reject(new Error("addSaturations: the tracker is closed"));
    this.#pending.push(...this.#layers.snapshot());
    this.#layers.startOver({ moments: this.#settings.resetCovariance });
    return save ? this.#flush() : Promise.resolve();
  }

  /** Writes what has been added since the last save as one row; waits for what is under way if there is nothing. */
  save(): Promise<void> {
    return this.#pending.length > 0 ? this.#flush() : this.#queue;
  }

  #flush(): Promise<void> {
    const pending = this.#pending;
    this.#pending = [];
    const epoch = this.#saves++;
    const time = Date.now();
    return this.#enqueue(() => this.#write(epoch, time, pending));
  }

  async #write(
    epoch: number,
    time: number,
    pending: readonly (ScalarRecord | LayerSnapshot)[],
  ): Promise<void> {
    const scalars = pending.filter((item): item is ScalarRecord => "kind" in item);
    const snapshots = pending.filter((item): item is LayerSnapshot => "state" in item);
    const failures: unknown[] = [];
    const records = await recordsOf(snapshots, this.#settings, ({ layer, phase }, error) => {
      const named = withLayer(error, layer, phase);
      this.#settings.logger("error", `${named.message}. Save ${epoch} has no value here.`, {
        layer,
        phase,
        error,
      });
      failures.push(named);
    });
    failures.push(...(await this.#lateRefusals(snapshots)));
    this.#latest = { epoch, time, records: [...scalars, ...records] };
    failures.push(...(await this.#writers.write(this.#latest)));
    if (failures.length > 0 && this.#settings.onError === "throw") throw failures[0];
  }

  /** Reports what was found to be wrong with batches after they had been taken in, or with what keeps them. */
  async #lateRefusals(snapshots: readonly LayerSnapshot[]): Promise<unknown[]> {
    const errors: unknown[] = [];
    for (const { layer, phase, refusal } of snapshots) {
      const error = await refusal;
      if (error === null) continue;
      try {
        this.#refusals.guardLate(layer, phase, error);
      } catch (named) {
        errors.push(named);
      }
    }
    return errors;
  }

  #enqueue(job: () => Promise<void>): Promise<void> {
    const done = this.#queue.then(job);
    // Whoever awaits `done` learns of its failure, which the log has too; it must not keep later saves from running.
    this.#queue = done.catch(() => {});
    return done;
  }

  /**
   * Makes the files lasting.
   *
   * @returns When all saves so far have been written and would survive a power cut. With `onError: "throw"` it
   * rejects if a writer failed.
   */
  flush(): Promise<void> {
    return this.#enqueue(async () => {
      const failures = await this.#writers.flush();
      if (failures.length > 0 && this.#settings.onError === "throw") throw failures[0];
    });
  }

  /** Writes what is still waiting, closes the writers and frees the moments. Idempotent. */
  close(): Promise<void> {
    this.#closed ??= this.#finish();
    return this.#closed;
  }

  async #finish(): Promise<void> {
    if (this.#pending.length > 0) this.#flush().catch(() => {});
    await this.#queue;
    await this.#writers.close();
    this.#layers.dispose();
    this.#refusals.tellOfMany();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
