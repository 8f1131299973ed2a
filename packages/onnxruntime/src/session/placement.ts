import type { SamplingOptions } from "@delve/stats";
import type { Candidate, OnnxModel, Tap } from "../model/types.js";
import type { Place } from "./layer-tap.js";

/** Where covariances are computed: `auto` decides for each layer. */
export type Where = "auto" | Place;

export const WHERE: readonly Where[] = ["auto", "graph", "kernel"];

/** What decides where a layer's covariance is computed. */
export interface PlacementRules {
  readonly where: Where;
  readonly sampling: Required<SamplingOptions>;
  /** Threads of the runtime on the processor; 0 if it computes elsewhere, where float64 is scarce. */
  readonly threads: number;
  /** What every layer needs the values themselves for; `null` if nothing. */
  readonly needsValues: string | null;
}

/** A decision and why, as a sentence without a full stop. */
export interface Placement {
  readonly where: Place;
  readonly reason: string;
  /** Features of all directions together; 0 where `where` is "kernel". */
  readonly features: number;
}

/**
 * Most features for which `auto` computes in the graph. A covariance of d × d leaves the session with every batch:
 * beyond this it is larger than the values it stands for, in all but the largest feature maps.
 */
const MOST_FEATURES = 256;

/**
 * Threads of the runtime from which on `auto` computes in the graph. The kernel has one: it does the same in less time
 * than one or two threads of the runtime, and in far less than the runtime's own WebAssembly.
 */
const FEWEST_THREADS = 3;

/** The first operator set in which the branches of an If may give values of different shapes. */
const FIRST_OPSET = 11;

/** Decides where the covariance of a layer is computed. */
export function placeLayer(model: OnnxModel, tap: Tap, rules: PlacementRules): Placement {
  const { candidate } = tap;
  const kernel = (reason: string): Placement => ({ where: "kernel", reason, features: 0 });
  if (rules.where === "kernel") return kernel("`where` says so");
  const obstacle = rules.needsValues ?? obstacleOf(model, candidate, rules.sampling);
  if (obstacle !== null) return kernel(obstacle);
  const { layout } = candidate;
  const features = candidate.features! * (layout.kind === "recurrent" ? layout.directions : 1);
  if (rules.where === "graph") return { where: "graph", reason: "`where` says so", features };
  if (rules.threads === 0) return kernel("the runtime computes on another device than the processor");
  if (rules.threads < FEWEST_THREADS)
    return kernel(`the runtime has fewer than ${FEWEST_THREADS} native threads`);
  if (layout.kind !== "conv") return kernel("it has few samples a batch");
  if (features > MOST_FEATURES) return kernel(`it has more than ${MOST_FEATURES} features`);
  return { where: "graph", reason: "it has many samples a batch", features };
}

/** What the nodes in the graph cannot do for this layer; `null` if they can do all. */
function obstacleOf(
  model: OnnxModel,
  { layout, features, tensor, op }: Candidate,
  { convMethod, timeseriesMethod, interpolationStrategy }: Required<SamplingOptions>,
): string | null {
  if ((model.opsets.get("") ?? FIRST_OPSET) < FIRST_OPSET) {
    return `the model is of an operator set before ${FIRST_OPSET}`;
  }
  if (layout.kind === "any") return "the meaning of its axes is known once there are values";
  if (features === null) return "the model does not say how many features it has";
  if (layout.kind === "conv") {
    if (interpolationStrategy !== null) return "`interpolationStrategy` needs its values";
    return convMethod === "channelwise" ? null : `\`convMethod\` "${convMethod}" needs its values`;
  }
  if (timeseriesMethod === "tokenwise") return null;
  const isMatrix = op === "Gemm" || model.graph.valueInfos.get(tensor)?.shape?.length === 2;
  if (layout.kind === "dense" && isMatrix) return null;
  return `\`timeseriesMethod\` "${timeseriesMethod}" needs its values`;
}
