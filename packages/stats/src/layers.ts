import type { Backend, Moments, MomentsState, SampleMatrix } from "@delve/kernel";
import { ShapeError } from "@delve/kernel";
import type { Phase } from "./records.js";

/** Samples of one layer in one phase. */
export interface PhaseMoments {
  readonly moments: Moments;
  /** Samples taken in since the last save, counted as batch entries (images, not places). */
  seen: number;
}

/** What a tracker knows of one layer. */
export interface Layer {
  readonly name: string;
  /** Forward passes while recording, of both phases; never reset. */
  forwards: number;
  readonly phases: Map<Phase, PhaseMoments>;
}

/** One layer and phase, frozen at a save. The state of a backend that answers later is still on its way. */
export interface LayerSnapshot {
  readonly layer: string;
  readonly phase: Phase;
  /** Place of the layer in the order of first forward passes. */
  readonly index: number;
  readonly features: number;
  readonly state: MomentsState | Promise<MomentsState>;
}

/** The layers of a run in the order of their first forward pass, and what has been accumulated of each. */
export class Layers {
  readonly #backend: Backend;
  readonly #layers = new Map<string, Layer>();

  constructor(backend: Backend) {
    this.#backend = backend;
  }

  get names(): string[] {
    return [...this.#layers.keys()];
  }

  /** The layer of a name, which takes its place in the order the first time it is asked for. */
  get(name: string): Layer {
    let layer = this.#layers.get(name);
    if (layer === undefined) this.#layers.set(name, (layer = { name, forwards: 0, phases: new Map() }));
    return layer;
  }

  /**
   * Takes in a batch, all of it or nothing.
   *
   * @throws {ShapeError} If the batch has another number of features than the layer's batches before.
   */
  update(layer: Layer, phase: Phase, samples: SampleMatrix, seen: number): void {
    for (const { moments } of layer.phases.values()) {
      if (moments.features === samples.features) continue;
      throw new ShapeError(`record: needs ${moments.features} features as before, got ${samples.features}`);
    }
    let entry = layer.phases.get(phase);
    if (entry !== undefined) {
      entry.moments.update(samples);
    } else {
      entry = { moments: this.#first(samples), seen: 0 };
      layer.phases.set(phase, entry);
    }
    entry.seen += seen;
  }

  /** The first batch decides the number of features; a batch that is refused must not. */
  #first(samples: SampleMatrix): Moments {
    const moments = this.#backend.createMoments(samples.features);
    try {
      moments.update(samples);
      return moments;
    } catch (error) {
      moments.dispose();
      throw error;
    }
  }

  /** Everything accumulated, train before eval, each in the order of first forward passes. */
  snapshot(): LayerSnapshot[] {
    const layers = [...this.#layers.values()];
    return (["train", "eval"] as const).flatMap((phase) =>
      layers.flatMap(({ name, phases }, index) => {
        const moments = phases.get(phase)?.moments;
        if (moments === undefined) return [];
        return { layer: name, phase, index, features: moments.features, state: stateOf(moments) };
      }),
    );
  }

  /** Starts the counts of `maxSamples` afresh and, if `moments` says so, the moments. */
  startOver({ moments }: { readonly moments: boolean }): void {
    for (const layer of this.#layers.values()) {
      for (const entry of layer.phases.values()) {
        entry.seen = 0;
        if (moments) entry.moments.reset();
      }
    }
  }

  /** Frees the moments of all layers. */
  dispose(): void {
    for (const { phases } of this.#layers.values()) {
      for (const { moments } of phases.values()) moments.dispose();
      phases.clear();
    }
  }
}

/** The state, or the promise of one; a failure waits for whoever awaits it, instead of ending the process. */
function stateOf(moments: Moments): MomentsState | Promise<MomentsState> {
  const state = moments.state();
  if (state instanceof Promise) state.catch(() => {});
  return state;
}
