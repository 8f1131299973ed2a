import {
  DisposedError,
  type Moments,
  type MomentsState,
  type SampleMatrix,
  type SyncMoments,
} from "@delve/kernel";
import { checkFiniteSamples, checkSamples, checkState } from "@delve/kernel/validation";
import type { PassResult } from "./combine.js";
import { asSamples, type PackedRows, RowCollector } from "./packed-rows.js";

/** What accumulators need of the backend they belong to. */
export interface PassRunner {
  /** Rows of a pass. */
  readonly mostRows: number;
  /**
   * Refuses to be used after its end.
   *
   * @throws {DisposedError} If the backend has been disposed.
   */
  requireUse(caller: string): void;
  /**
   * Refuses new samples where the device is gone and nothing takes its place.
   *
   * @throws {BackendUnavailableError} Naming the reason.
   */
  requireDevice(caller: string): void;
  /** Queues a pass; rejected when the device is lost or has no memory. */
  run(rows: PackedRows): Promise<PassResult>;
  /** Whether rows that the device could not take in are the kernel's business and no error. */
  readonly fallsBack: boolean;
}

/** Moments whose products a GPU computes; the sum of all passes is kept by a kernel, in float64. */
export interface WebGPUMoments extends Moments {
  state(): Promise<MomentsState>;
  /**
   * An upper bound of |ΔC_ij| / √(C_ii C_jj) for the covariance of the last state: at most 6e-12, and around 1e-13 for
   * samples without outliers. States taken in by `merge` count as exact.
   */
  readonly errorBound: number;
}

/** An accumulator; everything that changes `total` waits for its turn in `queue`. */
export class QueuedMoments implements WebGPUMoments {
  readonly features: number;
  readonly #runner: PassRunner;
  readonly #total: SyncMoments;
  readonly #collector: RowCollector;
  #count = 0;
  #queue: Promise<unknown> = Promise.resolve();
  #failure: unknown;
  #errorBound = 0;
  #disposed = false;

  constructor(runner: PassRunner, total: SyncMoments) {
    this.features = total.features;
    this.#runner = runner;
    this.#total = total;
    this.#collector = new RowCollector(total.features, runner.mostRows);
  }

  get count(): number {
    return this.#count;
  }

  get errorBound(): number {
    return this.#errorBound;
  }

  update(samples: SampleMatrix): void {
    this.#requireUse("update");
    const view = checkSamples("update", samples, this.features);
    checkFiniteSamples("update", view);
    this.#runner.requireDevice("update");
    this.#collector.add(view, (rows) => this.#submit(rows));
    this.#count += view.rows;
  }

  async state(): Promise<MomentsState> {
    this.#requireUse("state");
    this.#collector.flush((rows) => this.#submit(rows));
    return this.#enqueue(() => {
      this.#requireUse("state");
      const failure = this.#failure;
      this.#failure = undefined;
      if (failure !== undefined) throw failure;
      return this.#total.state();
    });
  }

  merge(state: MomentsState): void {
    this.#requireUse("merge");
    checkState("merge", state, this.features);
    const { shift, offset, scatter } = state;
    const copy = { ...state, shift: shift.slice(), offset: offset.slice(), scatter: scatter.slice() };
    this.#change(() => this.#total.merge(copy));
    this.#count += state.count;
  }

  reset(): void {
    this.#requireUse("reset");
    this.#collector.clear();
    this.#change(() => {
      this.#total.reset();
      this.#errorBound = 0;
    });
    this.#count = 0;
  }

  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    this.#collector.clear();
    this.#total.dispose();
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  /** Begins a pass at once and takes in its result when it is there. Its rows are kept until then. */
  #submit(rows: PackedRows): void {
    const outcome = this.#runner.run(rows).catch((error: unknown) => ({ error }));
    this.#change(async () => {
      const result = await outcome;
      if (this.#disposed) return;
      if ("state" in result) {
        this.#total.merge(result.state);
        this.#errorBound = Math.max(this.#errorBound, result.bound);
        return;
      }
      // Nothing that was recorded is lost with a device: the kernel takes in its rows.
      this.#total.update(asSamples(rows));
      if (!this.#runner.fallsBack) throw result.error;
    });
  }

  /** Queues a change; what goes wrong is reported by the next `state`. */
  #change(change: () => void | Promise<void>): void {
    void this.#enqueue(async () => {
      try {
        if (!this.#disposed) await change();
      } catch (error) {
        this.#failure ??= error;
      }
    });
  }

  #enqueue<T>(action: () => T | Promise<T>): Promise<T> {
    const done = this.#queue.then(action);
    this.#queue = done.then(
      () => {},
      () => {},
    );
    return done;
  }

  #requireUse(caller: string): void {
    if (this.#disposed) throw new DisposedError(`${caller}: needs live moments, got disposed ones`);
    this.#runner.requireUse(caller);
  }
}
