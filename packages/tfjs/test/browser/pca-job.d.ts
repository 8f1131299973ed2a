import type { PcaDimensions } from "@delve/tfjs";
import type * as tf from "@tensorflow/tfjs";

export interface ProjectedPasses {
  untrained: number[];
  projected: number[];
  narrow: number[];
  random: number[];
  loaded: number[];
  kept: PcaDimensions;
  less: PcaDimensions;
  /** Epochs of the loaded model after one more. */
  goneOn: number;
  /** Batches on their way right after two training passes, and what changing the threshold said then. */
  waiting: number;
  early: string;
  /** Tensors that nobody has disposed. */
  leftOver: number;
  /** After an epoch of `fit`. */
  fitted: { seen: number; epoch: number; output: number[] };
  messages: string[];
}

export function projectPasses(backend: typeof tf): Promise<ProjectedPasses>;
