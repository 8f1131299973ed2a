import type { LayerOutput, Phase, SaturationTracker as StatsTracker } from "@delve/stats";
import type { FoundLayer } from "./layers.js";
import { outputOf } from "./output.js";
import type { Readback, Values } from "./readback.js";
import type { Tensor } from "./types.js";

/** Hands what layers give to the tracker of `@delve/stats`, as soon as it has been read. */
export class Recorder {
  readonly #stats: StatsTracker;
  readonly #readback: Readback;
  readonly #maxSamples: number;
  /** Samples that are being read, by phase and name. */
  readonly #reading = new Map<string, number>();

  /** @param maxSamples - The option of that name; no limit when left out. */
  constructor(stats: StatsTracker, readback: Readback, maxSamples?: number | null) {
    this.#stats = stats;
    this.#readback = readback;
    this.#maxSamples = maxSamples ?? Infinity;
  }

  /** Takes in what a layer has just put out. */
  take({ layer, streams }: FoundLayer, outputs: readonly Tensor[], phase: Phase): void {
    for (const stream of streams) {
      if (!this.wants(stream.name, phase)) continue;
      const tensors = stream.outputs.flatMap((place) => outputs[place] ?? []);
      this.read(stream.name, tensors, phase, (values) => outputOf(layer, values));
    }
  }

  /** Reads what `wants` has said yes to. The tensors may be disposed as soon as this returns. */
  read(
    name: string,
    tensors: readonly Tensor[],
    phase: Phase,
    describe: (values: readonly Values[]) => LayerOutput,
  ): void {
    const key = `${phase}/${name}`;
    const samples = tensors[0]?.shape[0] ?? 0;
    this.#reading.set(key, (this.#reading.get(key) ?? 0) + samples);
    this.#readback.read(tensors, (values) => {
      this.#reading.set(key, this.#reading.get(key)! - samples);
      this.#stats.record(name, () => describe(values()), { phase, counted: true });
    });
  }

  /** Counts a forward pass, and tells whether its values are to be read. */
  wants(name: string, phase: Phase): boolean {
    if (!this.#stats.wants(name, phase)) return false;
    // The tracker knows of what has been read only; what is on its way from a GPU fills the same measure.
    const reading = this.#reading.get(`${phase}/${name}`) ?? 0;
    return this.#stats.seen(name, phase) + reading < this.#maxSamples;
  }
}
