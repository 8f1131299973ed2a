import type { Backend, GpuSamples, Moments, MomentsState, SampleMatrix } from "@delve/kernel";
import { ShapeError } from "@delve/kernel";
import type { MatrixValue, Phase } from "./records.js";
import { isOnGpu, type OutputData } from "./sampling/layer-output.js";
import { Reservoir } from "./sampling/reservoir.js";

/** What has been accumulated of one layer in one phase. */
interface PhaseSamples {
  readonly moments: Moments;
  /** Some of the samples themselves; `null` if no statistic needs any. */
  readonly reservoir: Reservoir | null;
  /** Samples taken in since the last save, counted as batch entries (images, not places). */
  seen: number;
}

type Layer = Map<Phase, PhaseSamples>;

/** One layer and phase, frozen at a save. The state of a backend that answers later is still on its way. */
export interface LayerSnapshot {
  readonly layer: string;
  readonly phase: Phase;
  /** Place of the layer in the order of first batches. */
  readonly index: number;
  readonly features: number;
  readonly state: MomentsState | Promise<MomentsState>;
  /** What went wrong with a batch that had been taken in before its values were seen, and is left out; `null` if nothing. */
  readonly refusal: Promise<unknown> | null;
  /** `null` if no statistic needs samples. */
  readonly samples: MatrixValue | null;
}

/** Which samples are kept for statistics that need them. */
export interface KeptSamples {
  /** Of each layer and phase; 0 for none. */
  readonly capacity: number;
  readonly seed: number;
}

/** Samples, wherever they lie. */
type Batch = SampleMatrix<OutputData>;

/** The layers of a run in the order of their first recorded batch, and what has been accumulated of each. */
export class Layers {
  readonly #backend: Backend;
  readonly #kept: KeptSamples;
  readonly #layers = new Map<string, Layer>();
  readonly #forwards = new Map<string, number>();

  constructor(backend: Backend, kept: KeptSamples = { capacity: 0, seed: 0 }) {
    this.#backend = backend;
    this.#kept = kept;
  }

  get names(): string[] {
    return [...this.#layers.keys()];
  }

  /** Counts a forward pass, of either phase; gives their number, which is never reset. */
  countForward(layer: string): number {
    const forwards = (this.#forwards.get(layer) ?? 0) + 1;
    this.#forwards.set(layer, forwards);
    return forwards;
  }

  /** Batch entries taken in since the last save. */
  seen(layer: string, phase: Phase): number {
    return this.#layers.get(layer)?.get(phase)?.seen ?? 0;
  }

  /**
   * Takes in a batch, all of it or nothing.
   *
   * @param entries - Batch entries that the samples come from.
   * @throws {ShapeError} If the batch has another number of features than the layer's batches before.
   */
  update(layer: string, phase: Phase, samples: Batch, entries: number): void {
    const add = (moments: Moments): void => take(moments, samples);
    const entry = this.#accumulate(layer, phase, samples.features, add);
    if (isInMemory(samples)) entry.reservoir?.add(samples);
    entry.seen += entries;
  }

  /**
   * Takes in what has been accumulated elsewhere, all of it or nothing.
   *
   * @param entries - Batch entries that its samples come from.
   * @throws {ShapeError} If the state has another number of features than the layer's batches before.
   * @throws {RangeError} If samples are to be kept: a state has none.
   */
  merge(layer: string, phase: Phase, state: MomentsState, entries: number): void {
    if (this.#kept.capacity > 0) {
      throw new RangeError('recordMoments: no statistic may need samples ("embed"), got one that does');
    }
    const add = (moments: Moments): void => moments.merge(state);
    this.#accumulate(layer, phase, state.features, add).seen += entries;
  }

  #accumulate(layer: string, phase: Phase, features: number, add: (moments: Moments) => void): PhaseSamples {
    const phases: Layer = this.#layers.get(layer) ?? new Map();
    for (const { moments } of phases.values()) {
      if (moments.features === features) continue;
      throw new ShapeError(`record: needs ${moments.features} features as before, got ${features}`);
    }
    const known = phases.get(phase);
    if (known !== undefined) {
      add(known.moments);
      return known;
    }
    const entry = this.#first(features, add);
    phases.set(phase, entry);
    this.#layers.set(layer, phases);
    return entry;
  }

  /** The first batch decides the number of features; a batch that is refused must not. */
  #first(features: number, add: (moments: Moments) => void): PhaseSamples {
    const { capacity, seed } = this.#kept;
    const moments = this.#backend.createMoments(features);
    try {
      add(moments);
    } catch (error) {
      moments.dispose();
      throw error;
    }
    const reservoir = capacity > 0 ? new Reservoir(features, capacity, seed) : null;
    return { moments, reservoir, seen: 0 };
  }

  /** Everything accumulated, train before eval, each in the order of the layers. */
  snapshot(): LayerSnapshot[] {
    const layers = [...this.#layers];
    return (["train", "eval"] as const).flatMap((phase) =>
      layers.flatMap(([layer, phases], index) => {
        const entry = phases.get(phase);
        if (entry === undefined) return [];
        const { moments, reservoir } = entry;
        const samples = reservoir?.rows() ?? null;
        return { layer, phase, index, features: moments.features, ...stateOf(moments), samples };
      }),
    );
  }

  /** Starts the counts of `maxSamples` afresh and, if `moments` says so, all that was accumulated. */
  startOver({ moments }: { readonly moments: boolean }): void {
    for (const entry of this.#entries()) {
      entry.seen = 0;
      if (!moments) continue;
      entry.moments.reset();
      entry.reservoir?.reset();
    }
  }

  /** Frees the moments of all layers. */
  dispose(): void {
    for (const { moments } of this.#entries()) moments.dispose();
    for (const phases of this.#layers.values()) phases.clear();
  }

  #entries(): PhaseSamples[] {
    return [...this.#layers.values()].flatMap((phases) => [...phases.values()]);
  }
}

const isInMemory = (samples: Batch): samples is SampleMatrix => !isOnGpu(samples.data);

function take(moments: Moments, samples: Batch): void {
  if (isInMemory(samples)) moments.update(samples);
  else moments.updateGpu!(samples as GpuSamples);
}

/**
 * The state, or the promise of one; a failure waits for whoever awaits it, instead of ending the process.
 *
 * A backend that answers later may find only then that a batch was bad. It says so once, instead of the state; what it is
 * asked for in the same breath, before anything else happens to the moments, is the state of all other batches.
 */
function stateOf(moments: Moments): Pick<LayerSnapshot, "state" | "refusal"> {
  const first = moments.state();
  if (!(first instanceof Promise)) return { state: first, refusal: null };
  const second = Promise.resolve(moments.state());
  const state = first.catch(() => second);
  for (const promise of [second, state]) promise.catch(() => {});
  const refusal = first.then(
    () => null,
    (error: unknown) => error,
  );
  return { state, refusal };
}
