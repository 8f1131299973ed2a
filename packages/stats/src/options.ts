import type { Backend } from "@delve/kernel";
import { platform } from "#platform";
import { consoleLog, type Log } from "./log.js";
import { show, unknownName } from "./names.js";
import { checkInterpolationStrategy } from "./sampling/interpolate.js";
import type { InterpolationStrategy } from "./sampling/resample-table.js";
import {
  CONV_METHODS,
  type ConvMethod,
  type SamplingOptions,
  TIMESERIES_METHODS,
  type TimeseriesMethod,
} from "./sampling/sample-matrix-of.js";
import { checkThreshold, IDIM_RULES, type IdimRule } from "./statistics/intrinsic-dimensionality.js";
import { resolveStatistics } from "./statistics/registry.js";
import type { Statistic } from "./statistics/statistic.js";
import { discardingStorage } from "./storage/memory-storage.js";
import type { Storage } from "./storage/storage.js";
import { checkSaveTo, checkWriterArgs } from "./writers/registry.js";
import type { Writer } from "./writers/writer.js";

/** What a bad batch, or a save that fails, does: a warning in the log, or an error to whoever called. */
export type OnError = "warn" | "throw";

/** Options of `SaturationTracker.open`: those of Delve, in camelCase, with Delve's defaults. */
export interface TrackerOptions {
  /** What carries the arithmetic. Not disposed by the tracker. */
  readonly backend: Backend;
  /** Where results go (Delve: `savefile`): `runs/mlp` means `runs/mlp.csv` and the folder `runs/mlp/`. */
  readonly savePath?: string | undefined;
  /** Keys of writers (`csv`, `print`, `plot` with its aliases), writers of one's own, or a list of both. None by default. */
  readonly saveTo?: string | Writer | readonly (string | Writer)[] | undefined;
  /** The file system in Node, Deno and Bun, memory elsewhere. */
  readonly storage?: Storage | undefined;
  /** Options for the writers that are named by a key. */
  readonly writerArgs?: Readonly<Record<string, unknown>> | undefined;
  /** Keys, or statistics of one's own. `["lsat"]` by default. */
  readonly stats?: readonly (string | Statistic)[] | undefined;
  /** `documented` by default. */
  readonly idimRule?: IdimRule | undefined;
  /** Share of the variance that counts, in (0, 1]; 0.99 by default. */
  readonly satThreshold?: number | undefined;
  /** Record every so many-th forward pass of a layer; 1 by default. */
  readonly logInterval?: number | undefined;
  /** Take in no more samples than this of a layer and phase between two saves; no limit by default. */
  readonly maxSamples?: number | null | undefined;
  /** Report each layer; true by default. */
  readonly layerwiseSat?: boolean | undefined;
  /** Report the average of all layers' saturation too; false by default. */
  readonly averageSat?: boolean | undefined;
  /** Start each save afresh; true by default. When false, moments add up over the saves. */
  readonly resetCovariance?: boolean | undefined;
  /** Layers to pass over. */
  readonly ignoreLayerNames?: readonly string[] | undefined;
  /** Passes over the layers for which it returns false. */
  readonly layerFilter?: ((layer: string) => boolean) | undefined;
  /** Record the outputs of convolutions too; true by default. */
  readonly includeConv?: boolean | undefined;
  /** `channelwise` by default. */
  readonly convMethod?: ConvMethod | undefined;
  /** `last_timestep` by default. */
  readonly timeseriesMethod?: TimeseriesMethod | undefined;
  /** How feature maps larger than `interpolationDownsampling` are brought to that size: `nearest`, `nearest-exact`, `bilinear`, `bicubic`, `area`. null by default: not at all. */
  readonly interpolationStrategy?: InterpolationStrategy | null | undefined;
  /** Height and width of the maps then; 32 by default. */
  readonly interpolationDownsampling?: number | undefined;
  /** Samples kept of each layer and phase where a statistic needs some (`embed`), a uniform random choice; 1000 by default. */
  readonly embedSamples?: number | undefined;
  /** The same seed makes the same choice; 0 by default. */
  readonly seed?: number | undefined;
  /** Write no files; false by default. */
  readonly nosave?: boolean | undefined;
  /** Log the saturation of every layer as it is computed; false by default. */
  readonly verbose?: boolean | undefined;
  /** Number of the first save. Not 0: continue a run from that save on, and drop what it had from there. */
  readonly initialEpoch?: number | undefined;
  /** The console by default. */
  readonly logger?: Log | undefined;
  /** `warn` by default: once a layer, the batch is dropped and counted, and training goes on. */
  readonly onError?: OnError | undefined;
}

/** Options with their defaults filled in, checked. */
export interface TrackerSettings extends Required<SamplingOptions> {
  readonly backend: Backend;
  readonly savePath: string;
  readonly saveTo: readonly (string | Writer)[];
  readonly storage: Storage;
  readonly writerArgs: Readonly<Record<string, unknown>>;
  readonly statistics: readonly Statistic[];
  readonly idimRule: IdimRule;
  readonly satThreshold: number;
  readonly logInterval: number;
  readonly maxSamples: number;
  readonly layerwiseSat: boolean;
  readonly averageSat: boolean;
  readonly resetCovariance: boolean;
  readonly ignoreLayerNames: ReadonlySet<string>;
  readonly layerFilter: (layer: string) => boolean;
  readonly includeConv: boolean;
  readonly embedSamples: number;
  readonly seed: number;
  readonly verbose: boolean;
  readonly initialEpoch: number;
  readonly logger: Log;
  readonly onError: OnError;
}

// A record, so that the compiler misses no option.
const OPTIONS: Record<keyof TrackerOptions, true> = {
  backend: true,
  savePath: true,
  saveTo: true,
  storage: true,
  writerArgs: true,
  stats: true,
  idimRule: true,
  satThreshold: true,
  logInterval: true,
  maxSamples: true,
  layerwiseSat: true,
  averageSat: true,
  resetCovariance: true,
  ignoreLayerNames: true,
  layerFilter: true,
  includeConv: true,
  convMethod: true,
  timeseriesMethod: true,
  interpolationStrategy: true,
  interpolationDownsampling: true,
  embedSamples: true,
  seed: true,
  nosave: true,
  verbose: true,
  initialEpoch: true,
  logger: true,
  onError: true,
};

/** Names of all options, for adapters that take these beside their own. */
export const TRACKER_OPTIONS: readonly string[] = Object.keys(OPTIONS);

/**
 * Fills in defaults and refuses what cannot work, before anything is opened.
 *
 * @throws {RangeError} If an option, statistic, writer or method is unknown (the message lists those there are), or
 * a number lies outside its range.
 * @example
 * import { referenceBackend } from "@delve/kernel/reference";
 *
 * resolveOptions({ backend: referenceBackend() }).satThreshold; // 0.99
 */
export function resolveOptions(options: TrackerOptions): TrackerSettings {
  for (const name of Object.keys(options)) {
    if (!Object.hasOwn(OPTIONS, name))
      throw unknownName("SaturationTracker.open: option", name, TRACKER_OPTIONS);
  }
  const { backend, savePath = "", saveTo = [], stats = ["lsat"] } = options;
  const {
    idimRule = "documented",
    satThreshold = 0.99,
    onError = "warn",
    layerFilter = () => true,
  } = options;
  if (typeof backend?.createMoments !== "function") {
    throw new TypeError(`SaturationTracker.open: backend must be a Backend, got ${show(backend)}`);
  }
  if (typeof layerFilter !== "function") {
    throw new TypeError(`layerFilter: must be a function, got ${show(layerFilter)}`);
  }
  checkName("idimRule", idimRule, IDIM_RULES);
  checkName("onError", onError, ["warn", "throw"]);
  checkThreshold("satThreshold", satThreshold, idimRule);
  const writers = checkSaveTo(saveTo, savePath);
  const nosave = flag("nosave", options, false);
  return {
    backend,
    savePath,
    // Writers of files would do all their work for nothing. A writer of the user's own may not be one.
    saveTo: nosave ? writers.filter((item) => item === "print" || typeof item !== "string") : writers,
    storage: nosave ? discardingStorage() : (options.storage ?? platform.openStorage()),
    writerArgs: checkWriterArgs(options.writerArgs ?? {}),
    statistics: resolveStatistics(stats),
    idimRule,
    satThreshold,
    logInterval: atLeast(1, "logInterval", options.logInterval ?? 1),
    maxSamples: options.maxSamples == null ? Infinity : atLeast(1, "maxSamples", options.maxSamples),
    layerwiseSat: flag("layerwiseSat", options, true),
    averageSat: flag("averageSat", options, false),
    resetCovariance: flag("resetCovariance", options, true),
    ignoreLayerNames: namesOf("ignoreLayerNames", options.ignoreLayerNames ?? []),
    layerFilter,
    includeConv: flag("includeConv", options, true),
    ...samplingSettings(options),
    embedSamples: atLeast(1, "embedSamples", options.embedSamples ?? 1000),
    seed: atLeast(0, "seed", options.seed ?? 0),
    verbose: flag("verbose", options, false),
    initialEpoch: atLeast(0, "initialEpoch", options.initialEpoch ?? 0),
    logger: options.logger ?? consoleLog,
    onError,
  };
}

function samplingSettings(options: TrackerOptions): Required<SamplingOptions> {
  const { convMethod = "channelwise", timeseriesMethod = "last_timestep" } = options;
  const { interpolationStrategy = null, interpolationDownsampling = 32 } = options;
  checkName("convMethod", convMethod, CONV_METHODS);
  checkName("timeseriesMethod", timeseriesMethod, TIMESERIES_METHODS);
  if (interpolationStrategy !== null) {
    checkInterpolationStrategy("interpolationStrategy", interpolationStrategy);
  }
  return {
    convMethod,
    timeseriesMethod,
    interpolationStrategy,
    interpolationDownsampling: atLeast(1, "interpolationDownsampling", interpolationDownsampling),
  };
}

function checkName(option: string, got: string, allowed: readonly string[]): void {
  if (!allowed.includes(got)) throw unknownName(option, got, allowed);
}

function atLeast(least: number, option: string, got: number): number {
  if (Number.isSafeInteger(got) && got >= least) return got;
  throw new RangeError(`${option}: must be a whole number of at least ${least}, got ${show(got)}`);
}

type Flag = "nosave" | "layerwiseSat" | "averageSat" | "resetCovariance" | "includeConv" | "verbose";

/** A string such as "false" would count as true. */
function flag(option: Flag, options: TrackerOptions, otherwise: boolean): boolean {
  const got = options[option] ?? otherwise;
  if (typeof got === "boolean") return got;
  throw new TypeError(`${option}: must be true or false, got ${show(got)}`);
}

/** A single string would be taken for the list of its letters. */
function namesOf(option: string, got: readonly string[]): ReadonlySet<string> {
  if (Array.isArray(got) && got.every((name) => typeof name === "string")) return new Set(got);
  throw new TypeError(`${option}: must be a list of names, got ${show(got)}`);
}
