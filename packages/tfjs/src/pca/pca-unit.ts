import type { SampleMatrix, SyncBackend } from "@delve/kernel";
import { type Log, type PcaOptions, PcaSubspace, type RvsOptions } from "@delve/stats";
import { Readback, type Values } from "../readback.js";
import type { Tensor } from "../types.js";
import type { LayerBase, PcaOperations } from "./pca-types.js";
import { PcaWeights } from "./pca-weights.js";

/** What all PCA layers of a program share. */
export interface PcaContext {
  readonly tf: PcaOperations;
  readonly backend: SyncBackend;
  readonly log: Log;
}

/** What one layer is made of. */
export interface PcaUnitOptions extends PcaOptions {
  readonly features: number;
  /** Whether the output at inference is in all features. */
  readonly keepdim: boolean;
  /** Whether each projection is logged. */
  readonly isVerbose: () => boolean;
}

/**
 * A PCA layer without the layer: a subspace, the weights that it is written to, and the values that are on their way
 * to it. Weights are in step with the subspace whenever somebody looks at them.
 */
export class PcaUnit {
  readonly subspace: PcaSubspace;
  readonly #context: PcaContext;
  readonly #layer: LayerBase;
  readonly #options: PcaUnitOptions;
  readonly #weights: PcaWeights;
  readonly #readback: Readback;
  #waiting = 0;
  /** The subspace has changed since its state was written. */
  #isDirty = false;
  /** Options have changed since the projection was written. */
  #isStale = false;
  readonly #warned = new Set<string>();

  constructor(context: PcaContext, layer: LayerBase, options: PcaUnitOptions) {
    const { tf, backend } = context;
    this.#context = context;
    this.#layer = layer;
    this.#options = options;
    this.subspace = new PcaSubspace(backend, options.features, options);
    this.#weights = new PcaWeights(tf, layer, options.features, !options.keepdim);
    // WebGL too can be waited for. It costs time, and evaluation inside `fit` finds the projection up to date.
    this.#readback = new Readback(tf, { waits: true });
  }

  /** Batches whose values have not arrived. */
  get waiting(): number {
    return this.#waiting;
  }

  /** Whether there is a projection in the weights. */
  get isProjecting(): boolean {
    return this.subspace.epoch > 0;
  }

  /** Takes in a batch. One that cannot be taken in is dropped, with a warning: training goes on. */
  observe(x: Tensor, samplesOf: (values: Values) => SampleMatrix): void {
    this.synchronise();
    this.#waiting++;
    this.#readback.read([x], (values) => {
      this.#waiting--;
      try {
        this.subspace.update(samplesOf(values()[0]!));
        this.#isDirty = true;
      } catch (error) {
        this.#warnOnce("dropped", `a batch was dropped: ${error instanceof Error ? error.message : error}`);
      }
    });
  }

  /** Ends the training phase, if there was one: its samples become the projection. */
  conclude(): void {
    this.synchronise();
    if (this.#waiting > 0) {
      const message =
        "values of training passes are on their way; await refreshPcaLayers(model) to project with them";
      this.#warnOnce("waiting", message);
      return;
    }
    const isNew = this.subspace.count > 0 && !this.subspace.isClosed;
    if (!isNew && !this.#isStale) return;
    this.subspace.close();
    this.#writeProjection();
  }

  /** Waits for all values, then `conclude`. */
  async refresh(): Promise<void> {
    await this.#readback.flush();
    this.conclude();
  }

  /** Changes the subspace, and projects anew where there is something to project with. The set of samples goes on. */
  change(action: (subspace: PcaSubspace) => void): void {
    this.synchronise();
    action(this.subspace);
    if (this.#waiting === 0 && this.subspace.count > 0) this.#writeProjection();
    else this.#isStale = this.subspace.count > 0;
  }

  /** @throws {RangeError} If there are no samples. */
  injectRandomDirections(options?: RvsOptions): void {
    this.change((subspace) => void subspace.injectRandomDirections(options));
  }

  project(rows: Tensor): Tensor {
    return this.#weights.project(rows, this.subspace);
  }

  /**
   * Takes up weights that were loaded or set.
   *
   * @throws {Error} If they are none that a PCA layer has written; its `cause` says what is wrong.
   */
  synchronise(): void {
    if (!this.#weights.isForeign) return;
    try {
      const state = this.#weights.readState();
      if (state === null) this.subspace.dispose();
      else this.subspace.decode(state);
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      const message = `${this.#layer.name}: weights must be those of a PCA layer, unchanged, got others (${reason})`;
      throw new Error(message, { cause });
    }
    this.#weights.acknowledge();
    this.#isDirty = false;
    this.#isStale = false;
  }

  /** Puts the state into the weights, where it can be saved; weights that have come from outside stay. */
  store(): void {
    if (!this.#isDirty || this.#weights.isForeign) return;
    this.#weights.writeState(this.subspace.encode());
    this.#isDirty = false;
  }

  dispose(): void {
    this.subspace.dispose();
  }

  #writeProjection(): void {
    const { rank, features } = this.subspace.projection;
    this.#weights.writeProjection(this.subspace.projection);
    this.#isDirty = true;
    this.#isStale = false;
    if (!this.#options.isVerbose()) return;
    const { count } = this.subspace;
    const share = `${rank} of ${features} directions (saturation ${(rank / features).toFixed(4)})`;
    this.#context.log("info", `${this.#layer.name}: projects onto ${share}, from ${count} samples`, {
      layer: this.#layer.name,
      rank,
      features,
      samples: count,
    });
  }

  #warnOnce(kind: string, message: string): void {
    if (this.#warned.has(kind)) return;
    this.#warned.add(kind);
    this.#context.log("warn", `${this.#layer.name}: ${message}`, { layer: this.#layer.name });
  }
}
