import type { LayerOutput, OutputData, Phase, SaturationTracker as StatsTracker } from "@delve/stats";
import { type HeldGpuValues, holdGpuValues } from "./gpu-values.js";
import type { FoundLayer } from "./layers.js";
import { joined, layerOutput, type Output } from "./output.js";
import type { Readback } from "./readback.js";
import type { Tensor, TensorFlow } from "./types.js";

/** Tells what an output means. */
export type Describe = <Data extends OutputData>(output: Output<Data>) => LayerOutput<Data>;

/**
 * Hands what layers give to the tracker of `@delve/stats`, as soon as it has been read; or where it lies, if that is
 * in the memory of the GPU that the tracker's backend computes on.
 */
export class Recorder {
  readonly #tf: TensorFlow;
  readonly #stats: StatsTracker;
  readonly #readback: Readback;
  readonly #gpuDevice: object | undefined;
  readonly #maxSamples: number;
  /** Samples on their way, by phase and name. */
  readonly #onTheWay = new Map<string, number>();

  /** @param maxSamples - The option of that name; no limit when left out. */
  constructor(tf: TensorFlow, stats: StatsTracker, readback: Readback, maxSamples?: number | null) {
    this.#tf = tf;
    this.#stats = stats;
    this.#readback = readback;
    this.#gpuDevice = stats.gpuDevice;
    this.#maxSamples = maxSamples ?? Infinity;
  }

  /** Takes in what a layer has just put out. */
  take({ layer, streams }: FoundLayer, outputs: readonly Tensor[], phase: Phase): void {
    for (const { name, outputs: places } of streams) {
      if (!this.wants(name, phase)) continue;
      const tensors = places.flatMap((place) => outputs[place] ?? []);
      if (tensors.length < places.length) continue;
      this.record(name, tensors, phase, (output) => layerOutput(layer, output));
    }
  }

  /** Counts a forward pass, and tells whether its values are to be recorded. */
  wants(name: string, phase: Phase): boolean {
    if (!this.#stats.wants(name, phase)) return false;
    // The tracker knows of what has arrived only; what is on its way fills the same measure.
    const onTheWay = this.#onTheWay.get(`${phase}/${name}`) ?? 0;
    return this.#stats.seen(name, phase) + onTheWay < this.#maxSamples;
  }

  /**
   * Records what `wants` has said yes to. The tensors may be disposed as soon as this returns.
   *
   * @param tensors - One; or several, whose features stand side by side.
   */
  record(name: string, tensors: readonly Tensor[], phase: Phase, describe: Describe): void {
    const key = `${phase}/${name}`;
    const samples = tensors[0]?.shape[0] ?? 0;
    const count = (change: number) => this.#onTheWay.set(key, (this.#onTheWay.get(key) ?? 0) + change);
    const arrive = (output: () => LayerOutput<OutputData>) => {
      count(-samples);
      this.#stats.record(name, output, { phase, counted: true });
    };

    const held = tensors.length === 1 ? holdGpuValues(this.#tf, tensors[0]!, this.#gpuDevice) : null;
    count(samples);
    if (held) this.#hand(held, () => arrive(() => describe(held.output)));
    else this.#readback.read(tensors, (values) => arrive(() => describe(joined(values()))));
  }

  /** Does something with values that are held, in its turn, and releases them. */
  #hand({ release }: HeldGpuValues, action: () => void): void {
    this.#readback.post(() => {
      try {
        action();
      } finally {
        release();
      }
    });
  }
}
