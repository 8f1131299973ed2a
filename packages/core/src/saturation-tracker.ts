import { type Backend, type BackendOptions, openBackend } from "@delve/kernel";
import type {
  Phase,
  SaveRecord,
  SaturationTracker as StatsTracker,
  TrackerOptions as StatsTrackerOptions,
  Storage,
} from "@delve/stats";
import { type AxesOptions, asLayerOutput } from "./input/as-layer-output.js";
import { asGpuOutput, type GpuBatch } from "./input/gpu-batch.js";
import type { MatrixInput, NestedNumbers } from "./input/matrix-input.js";
import { checkChoice, checkOptions } from "./options.js";

/** Options of `SaturationTracker.open`. A batch that is refused throws (`onError: "throw"`) unless said otherwise. */
export interface TrackerOptions extends Omit<StatsTrackerOptions, "backend">, BackendOptions {}

/** How a batch is recorded. */
export interface RecordOptions extends AxesOptions {
  /** `train` when left out. */
  readonly phase?: Phase | undefined;
}

/**
 * Records what the layers of a network give, batch by batch and by hand, and tells at each save how much of its
 * feature space each layer uses.
 *
 * @example
 * const tracker = await SaturationTracker.open({ stats: ["lsat", "idim"] });
 * tracker.record("layer1", [[1, 0], [-1, 0], [0, 1], [0, -1]], { phase: "train" });
 * tracker.addScalar("loss", 0.25);
 * await tracker.addSaturations();
 * tracker.latest.records.map((record) => record.value); // [0.25, 1, 2]
 * await tracker.close();
 */
export class SaturationTracker implements AsyncDisposable {
  readonly #tracker: StatsTracker;
  /** The backend to dispose with the tracker. */
  readonly #own: Backend | null;

  /**
   * A tracker that is ready to record.
   *
   * @throws {RangeError} If an option, statistic, writer or method is unknown, or a number lies outside its range.
   * @throws {BackendUnavailableError} If the device is unknown or cannot run here.
   */
  static async open(options: TrackerOptions = {}): Promise<SaturationTracker> {
    const { device, webgpu, backend: handedIn, ...rest } = options;
    // Loaded here, so that the functions on one matrix are there without trackers, writers and storages.
    const { StatsTracker } = await import("./stats-tracker.js");
    const own = handedIn ? null : await openBackend("SaturationTracker.open", { device, webgpu });
    const backend = handedIn ?? own!;
    try {
      return new SaturationTracker(await StatsTracker.open({ onError: "throw", ...rest, backend }), own);
    } catch (error) {
      own?.dispose();
      throw error;
    }
  }

  private constructor(tracker: StatsTracker, own: Backend | null) {
    this.#tracker = tracker;
    this.#own = own;
  }

  /**
   * Takes in what a layer gave for a batch; the values have been read when this returns. Train and eval are kept
   * apart.
   *
   * @param batch - Samples × features, or more axes: samples × steps × features, samples × places … × channels.
   * In memory, or in a buffer of `gpuDevice`, where it is not to be written to before this returns.
   * @returns Whether anything was recorded: not while stopped, between the passes that `logInterval` picks, or
   * beyond `maxSamples`.
   * @throws {ShapeError} If the batch is empty, does not fit its shape, or has another number of features than before.
   * @throws {NonFiniteError} If a value is NaN or infinite; it says in which row and feature.
   * @example
   * const tracker = await SaturationTracker.open();
   * const images = { data: new Float32Array(2 * 3 * 8 * 8), shape: [2, 3, 8, 8] };
   * tracker.record("conv1", images, { layout: "channelsFirst" }); // true
   * tracker.record("fc", [[1, NaN]]); // throws NonFiniteError: layer "fc" (train)
   */
  record(layer: string, batch: MatrixInput | NestedNumbers | GpuBatch, options: RecordOptions = {}): boolean {
    checkOptions("record", options, ["phase", "layout", "kind"]);
    checkChoice("record", "layout", options.layout, ["channelsLast", "channelsFirst"]);
    checkChoice("record", "kind", options.kind, ["dense", "sequence", "conv"]);
    const { phase = "train", ...axes } = options;
    const output = () => asGpuOutput(batch, axes) ?? asLayerOutput("record", batch, axes);
    return this.#tracker.record(layer, output, { phase });
  }

  /** Adds a number of one's own to the next save, e.g. a loss. */
  addScalar(name: string, value: number): void {
    this.#tracker.addScalar(name, value);
  }

  /**
   * Closes an epoch: every statistic of every layer, from the samples up to this call, is computed and written.
   * Recording can go on at once.
   *
   * @param options - `save: false` holds the result back until `save()` or the next call.
   * @returns When it has been written; rejects if a writer failed, unless `onError` is "warn".
   */
  addSaturations(options: { readonly save?: boolean } = {}): Promise<void> {
    return this.#tracker.addSaturations(options);
  }

  /** Writes what has been added since the last save, if anything, as one row. */
  save(): Promise<void> {
    return this.#tracker.save();
  }

  /** Lets batches go by unrecorded, and uncounted, until `resume`. What has been recorded stays. */
  stop(): void {
    this.#tracker.stop();
  }

  resume(): void {
    this.#tracker.resume();
  }

  get isRecording(): boolean {
    return this.#tracker.isRecording;
  }

  /** The last save as data; `null` before the first has been computed. */
  get latest(): SaveRecord | null {
    return this.#tracker.latest;
  }

  /** Layers in the order of their first batch. */
  get layers(): readonly string[] {
    return this.#tracker.layers;
  }

  /** How many batches were refused, by layer; counted with `onError: "warn"`. */
  get dropped(): ReadonlyMap<string, number> {
    return this.#tracker.dropped;
  }

  /**
   * The GPUDevice in whose buffers `record` takes batches; `undefined` if the backend computes elsewhere, or values have
   * to be seen.
   */
  get gpuDevice(): object | undefined {
    return this.#tracker.gpuDevice;
  }

  /** Where results go (Delve: `savefile`). */
  get savePath(): string {
    return this.#tracker.savePath;
  }

  /** Where files go; read them back from it where there is no file system. */
  get storage(): Storage {
    return this.#tracker.storage;
  }

  /** Writes what is still waiting, closes the writers and frees the memory. Idempotent. */
  async close(): Promise<void> {
    await this.#tracker.close();
    this.#own?.dispose();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
