import { type Backend, openBackend } from "@delve/kernel";
import { type SaveRecord, SaturationTracker as StatsTracker, type Storage } from "@delve/stats";
import type { WrapOptions } from "./options.js";
import type { LayerTap, Place } from "./session/layer-tap.js";

/** Where the covariance of a layer is computed, and why. */
export interface LayerPlace {
  readonly where: Place;
  /** As a sentence without a full stop. */
  readonly reason: string;
}

/**
 * Tells of every layer of a tracked session how much of its feature space the runs so far have used. A session
 * served by ONNX Runtime does not train: everything is of the phase "eval", and what counts as an epoch is the
 * caller's to say, by `addSaturations`.
 */
export class SaturationTracker implements AsyncDisposable {
  readonly #stats: StatsTracker;
  /** The backend, if this tracker has loaded it. */
  readonly #ownBackend: Backend | null;
  /** Where the covariance of each layer is computed, in the order of the model. */
  readonly where: ReadonlyMap<string, LayerPlace>;

  /**
   * For `track` and `wrap`, which hand over what the runs give.
   *
   * @param gpuDevice - The GPUDevice in whose memory the runs leave it, if they do.
   */
  static async open(
    { device, webgpu, backend, mask: _, ...rest }: WrapOptions,
    taps: readonly LayerTap[],
    gpuDevice?: object,
  ): Promise<{ tracker: SaturationTracker; stats: StatsTracker }> {
    const ownBackend = backend ? null : await openBackend("track", { device, webgpu }, gpuDevice);
    try {
      const stats = await StatsTracker.open({ ...rest, backend: backend ?? ownBackend! });
      return { tracker: new SaturationTracker(stats, ownBackend, taps), stats };
    } catch (error) {
      ownBackend?.dispose();
      throw error;
    }
  }

  private constructor(stats: StatsTracker, ownBackend: Backend | null, taps: readonly LayerTap[]) {
    this.#stats = stats;
    this.#ownBackend = ownBackend;
    this.where = new Map(taps.map(({ layer, where, reason }) => [layer, { where, reason }]));
  }

  /** Names of the layers that are recorded, in the order of the model. */
  get layers(): readonly string[] {
    return [...this.where.keys()];
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

  /**
   * Lets runs go by unrecorded until `resume`: only the outputs of the model are fetched. A run that is under way is
   * left out too. What has been recorded stays.
   */
  stop(): void {
    this.#stats.stop();
  }

  resume(): void {
    this.#stats.resume();
  }

  /** Adds a number of one's own to the next save, e.g. an accuracy. */
  addScalar(name: string, value: number): void {
    this.#stats.addScalar(name, value);
  }

  /**
   * Closes an epoch: every statistic of every layer, from the runs that have ended up to this call, is computed and
   * written. Runs can go on at once.
   *
   * @param options - `save: false` holds the result back until `save()` or the next call.
   * @returns When this save has been written.
   */
  addSaturations(options?: { readonly save?: boolean }): Promise<void> {
    return this.#stats.addSaturations(options);
  }

  /** Writes what has been added since the last save as one row. */
  save(): Promise<void> {
    return this.#stats.save();
  }

  /** Resolves when all saves so far have been written and would survive a power cut. */
  flush(): Promise<void> {
    return this.#stats.flush();
  }

  /**
   * Writes what is still waiting, closes the writers and frees all memory. The session runs on, unrecorded, and a run
   * that is under way ends unrecorded. Idempotent.
   */
  async close(): Promise<void> {
    await this.#stats.close();
    this.#ownBackend?.dispose();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
