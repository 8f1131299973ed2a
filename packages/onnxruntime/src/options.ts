import type { BackendOptions } from "@delve/kernel";
import { TRACKER_OPTIONS, type TrackerOptions, unknownName } from "@delve/stats";
import type { LayerOptions } from "./model/types.js";
import type { SessionOptions } from "./session/ort-types.js";
import type { Where } from "./session/placement.js";

/** Which options of the tracker decide where covariances can be computed. */
type SamplingChoices = Pick<
  TrackerOptions,
  | "convMethod"
  | "timeseriesMethod"
  | "interpolationStrategy"
  | "interpolationDownsampling"
  | "maxSamples"
  | "stats"
>;

/** Options of `instrument`: which layers, and how their samples will be taken. */
export interface InstrumentOptions extends LayerOptions, SamplingChoices {
  /**
   * Where covariances are computed: `graph`, by nodes that are added to the model, so that only features × features
   * numbers leave the session; `kernel`, by delve, which is given all values; `auto` (default), for each layer
   * whatever suits its kind, its size and the execution provider. A layer for which the graph cannot do what the
   * options ask goes to the kernel; `tracker.where` tells which did, and why.
   */
  readonly where?: Where | undefined;
  /** What the session will run on, as `InferenceSession.create` takes it. */
  readonly executionProviders?: SessionOptions["executionProviders"] | undefined;
  /** Native threads that the session will have, for `auto`; 1 by default. `track` counts them itself. */
  readonly threads?: number | undefined;
  /**
   * Name of a feed of [samples, steps] that tells real time steps from padding, such as `attention_mask`: padding is
   * left out. For `tokenwise` and `last_timestep`.
   */
  readonly mask?: string | null | undefined;
}

/** Options of `wrap`: those of `@delve/stats`, what computes, and the mask. */
export interface WrapOptions extends Omit<TrackerOptions, "backend">, BackendOptions {
  readonly mask?: string | null | undefined;
}

/** Options of `track`. */
export interface TrackOptions extends WrapOptions, Omit<InstrumentOptions, "executionProviders" | "threads"> {
  /** Options for `InferenceSession.create`, passed on. */
  readonly session?: SessionOptions | undefined;
}

const WRAP_OPTIONS = ["device", "webgpu", "mask", ...TRACKER_OPTIONS];
const TRACK_OPTIONS = ["session", "where", "tensors", ...WRAP_OPTIONS];
const INSTRUMENT_OPTIONS = ["executionProviders", "threads", ...TRACK_OPTIONS];

/** @throws {RangeError} If an option is unknown; the message lists those there are. */
export function checkWrapOptions(options: object): void {
  checkNames("wrap", options, WRAP_OPTIONS);
}

/** @throws {RangeError} If an option is unknown; the message lists those there are. */
export function checkTrackOptions(options: object): void {
  checkNames("track", options, TRACK_OPTIONS);
}

/** @throws {RangeError} If an option is unknown; those of `track` may be there too. */
export function checkInstrumentOptions(options: object): void {
  checkNames("instrument", options, INSTRUMENT_OPTIONS);
}

function checkNames(caller: string, options: object, known: readonly string[]): void {
  if (typeof options !== "object" || options === null) {
    throw new TypeError(`${caller}: options must be an object, got ${String(options)}`);
  }
  for (const name of Object.keys(options)) {
    if (!known.includes(name)) throw unknownName(`${caller}: option`, name, known);
  }
}

/** The options of `track` that are those of `wrap`. */
export function wrapOptionsOf({ session: _, where: __, tensors: ___, ...rest }: TrackOptions): WrapOptions {
  return rest;
}

/**
 * Checks the mask against the method.
 *
 * @throws {RangeError} If the method does not go step by step.
 */
export function checkMask({ mask, timeseriesMethod = "last_timestep" }: WrapOptions): void {
  if (mask == null || timeseriesMethod !== "timestepwise") return;
  throw new RangeError(
    'mask: timeseriesMethod must be "tokenwise" or "last_timestep", got "timestepwise", in which steps are features',
  );
}
