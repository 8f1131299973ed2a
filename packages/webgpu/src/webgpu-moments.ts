import {
  DisposedError,
  type GpuSamples,
  type Moments,
  type MomentsState,
  OutOfMemoryError,
  type SampleMatrix,
  type SyncMoments,
} from "@delve/kernel";
import { checkFiniteSamples, checkSamples, checkState } from "@delve/kernel/validation";
import { GpuRowCollector } from "./gpu-collector.js";
import { type GpuRows, refusalOf } from "./gpu-rows.js";
import { gpuSource } from "./gpu-source.js";
import { type Halves, halvesOf } from "./halves.js";
import { asSamples, type PackedRows, RowCollector } from "./packed-rows.js";
import type { PassOutcome, PassRunner } from "./pass-runner.js";
import { isWorthAPass } from "./worth.js";

/** What accumulators need of the backend they belong to. */
export interface Owner {
  readonly runner: PassRunner;
  /** Rows of a pass. */
  readonly mostRows: number;
  /** Whether rows that the device could not take in are the kernel's business and no error. */
  readonly fallsBack: boolean;
  /** Whether rows that are not worth a pass are the kernel's, too. */
  readonly smallToKernel: boolean;
  /**
   * Refuses to be used after its end.
   *
   * @throws {DisposedError} If the backend has been disposed.
   */
  requireUse(caller: string): void;
}

/** Moments whose products a GPU computes; the sum of all passes is kept by a kernel, in float64. */
export interface WebGPUMoments extends Moments {
  /**
   * Takes in a batch in a buffer of the backend's `gpuDevice`; it never leaves the device. The buffer has to have the
   * usage STORAGE, or else COPY_SRC.
   *
   * @throws {TypeError} If the buffer is of another device, or neither usage is there.
   * @throws {ShapeError} If the view does not fit its values, or they the buffer.
   * @throws {OutOfMemoryError} If the batch is more than the device can bind.
   * @throws {BackendUnavailableError} If the device is lost.
   */
  updateGpu(samples: GpuSamples): void;
  state(): Promise<MomentsState>;
  /**
   * An upper bound of |ΔC_ij| / √(C_ii C_jj) for the covariance of the last state: at most 6e-12, and around 1e-13 for
   * samples without outliers; 7.8e-6 in the mode "fast". States taken in by `merge` count as exact.
   */
  readonly errorBound: number;
}

/** An accumulator; everything that changes `total` waits for its turn in `queue`. */
export class QueuedMoments implements WebGPUMoments {
  readonly features: number;
  readonly #owner: Owner;
  readonly #total: SyncMoments;
  readonly #collector: RowCollector;
  #gpuCollector: GpuRowCollector | null = null;
  #count = 0;
  /** Resets so far: what was under way before one is not counted after it. */
  #resets = 0;
  #queue: Promise<unknown> = Promise.resolve();
  #failure: unknown;
  #errorBound = 0;
  #disposed = false;

  constructor(owner: Owner, total: SyncMoments) {
    this.features = total.features;
    this.#owner = owner;
    this.#total = total;
    this.#collector = new RowCollector(total.features, owner.mostRows);
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
    if (!this.#owner.fallsBack) this.#owner.runner.requireDevice("update");
    this.#gpuCollector?.flush(this.#submit);
    this.#collector.add(view, this.#submit);
    this.#count += view.rows;
  }

  updateGpu(samples: GpuSamples): void {
    this.#requireUse("updateGpu");
    const { runner } = this.#owner;
    runner.requireDevice("updateGpu");
    const source = gpuSource(runner.gpu.device, samples, this.features);
    if (source.view.rows === 0) return;
    this.#collector.flush(this.#submit);
    const collector = this.#gpuCollectorFor(halvesOf(source.pool));
    const problem = runner.watch(() => collector.add(source, this.#submit));
    this.#change(async () => {
      const error = await problem;
      if (error !== null) throw refusedByDevice(error, source.view.rows);
    });
    this.#count += source.view.rows;
  }

  /** One that takes such rows; those of others are handed out. */
  #gpuCollectorFor(halves: Halves | null): GpuRowCollector {
    const { runner, mostRows } = this.#owner;
    const known = this.#gpuCollector;
    if (known !== null && known.halves?.scale === halves?.scale) return known;
    known?.flush(this.#submit);
    this.#gpuCollector = new GpuRowCollector(runner.gatherer, this.features, mostRows, halves);
    return this.#gpuCollector;
  }

  async state(): Promise<MomentsState> {
    this.#requireUse("state");
    this.#flush();
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
    this.#clear();
    this.#change(() => {
      this.#total.reset();
      this.#errorBound = 0;
    });
    this.#count = 0;
    this.#resets++;
  }

  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    this.#clear();
    this.#total.dispose();
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  /** One of the two has rows at most: each update hands out those of the other. */
  #flush(): void {
    this.#collector.flush(this.#submit);
    this.#gpuCollector?.flush(this.#submit);
  }

  #clear(): void {
    this.#collector.clear();
    this.#gpuCollector?.clear();
  }

  /** Begins a pass at once and takes in its result when it is there. */
  #submit = (rows: PackedRows | GpuRows): void => {
    if (this.#owner.smallToKernel && "values" in rows && !isWorthAPass(rows)) {
      this.#change(() => this.#total.update(asSamples(rows)));
      return;
    }
    const resets = this.#resets;
    const outcome = this.#owner.runner.run(rows);
    this.#change(async () => {
      const settled = await outcome;
      if (this.#disposed) return;
      const taken = this.#takeIn(settled);
      if (resets === this.#resets) this.#count -= rows.count - taken;
      const refusal = settled.tally ? refusalOf(settled.tally, this.features) : null;
      if (refusal !== null) throw refusal;
      if ("error" in settled && !(this.#owner.fallsBack && settled.rescued)) throw settled.error;
    });
  };

  /** Takes in what came of a pass, and gives its number of rows. Nothing that is at hand is lost with a device. */
  #takeIn(outcome: PassOutcome): number {
    if ("state" in outcome) {
      this.#total.merge(outcome.state);
      this.#errorBound = Math.max(this.#errorBound, outcome.bound);
      return outcome.state.count;
    }
    if (outcome.rescued === null) return 0;
    this.#total.update(asSamples(outcome.rescued));
    return outcome.rescued.count;
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
    this.#owner.requireUse(caller);
  }
}

function refusedByDevice({ message }: GPUError, rows: number): Error {
  if (/memory/i.test(message)) {
    return new OutOfMemoryError(`updateGpu: the GPU needs memory for ${rows} rows, got "${message}"`);
  }
  const wanted = "the buffer must be one of the backend's device, neither mapped nor destroyed";
  return new TypeError(`updateGpu: ${wanted}, got "${message}"`);
}
