import type { SamplingOptions } from "@delve/stats";
import type { TapLayout } from "../model/types.js";

/** Where the covariance of a layer is computed. */
export type Place = "graph" | "kernel";

interface TapOfLayer {
  readonly layer: string;
  /** Why it is computed there, as a sentence without a full stop. */
  readonly reason: string;
  readonly layout: TapLayout;
}

/** A layer whose values leave the session, to be taken in by the kernel. */
export interface ValuesTap extends TapOfLayer {
  readonly where: "kernel";
  /** The output with the values, float32 or float64. */
  readonly output: string;
}

/** A layer whose moments the session computes. All outputs are empty where there was nothing to compute. */
export interface MomentsTap extends TapOfLayer {
  readonly where: "graph";
  /** Number of features d. */
  readonly features: number;
  /** The output with the extents of the layer's values, int64. */
  readonly shape: string;
  /** The output with the provisional mean s, d values, float64. */
  readonly shift: string;
  /** The output with Σ(x − s), d values, float64. */
  readonly sum: string;
  /** The output with Σ(x − s)(x − s)ᵀ, d × d, float64. */
  readonly gram: string;
}

/** What an instrumented model shows of one layer. Plain data: it can be stored beside the model. */
export type LayerTap = ValuesTap | MomentsTap;

/** Names of the outputs that a tap reads. The model as it was has none of them. */
export function outputsOf(tap: LayerTap): string[] {
  return tap.where === "kernel" ? [tap.output] : [tap.shape, tap.shift, tap.sum, tap.gram];
}

/** Options that decide what a sample is. */
export type Sampling = Required<SamplingOptions> & { readonly mask: string | null };

/** What `instrument` adds to a model, as plain data. */
export interface TapPlan {
  readonly taps: readonly LayerTap[];
  /** How samples are taken; `wrap` goes by it. */
  readonly sampling: Sampling;
  /** The input, a single bool, that says whether moments are computed; `null` if there is none. */
  readonly recordInput: string | null;
}
