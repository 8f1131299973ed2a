import type { Backend } from "@delve/kernel";
import { platform } from "#platform";
import { consoleLog, type Log } from "./log.js";
import { show, unknownName } from "./names.js";
import {
  CONV_METHODS,
  type ConvMethod,
  TIMESERIES_METHODS,
  type TimeseriesMethod,
} from "./sampling/sample-matrix-of.js";
import { checkThreshold, IDIM_RULES, type IdimRule } from "./statistics/intrinsic-dimensionality.js";
import { resolveStatistics } from "./statistics/registry.js";
import type { Statistic } from "./statistics/statistic.js";
import { discardingStorage } from "./storage/memory-storage.js";
import type { Storage } from "./storage/storage.js";
import { checkSaveTo } from "./writers/registry.js";
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
  /** `channelwise` by default. */
  readonly convMethod?: ConvMethod | undefined;
  /** `last_timestep` by default. */
  readonly timeseriesMethod?: TimeseriesMethod | undefined;
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
export interface TrackerSettings {
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
  readonly convMethod: ConvMethod;
  readonly timeseriesMethod: TimeseriesMethod;
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
  convMethod: true,
  timeseriesMethod: true,
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
  const { backend, savePath = "", saveTo = [], nosave = false, idimRule = "documented" } = options;
  if (typeof backend?.createMoments !== "function") {
    throw new TypeError(`SaturationTracker.open: backend must be a Backend, got ${show(backend)}`);
  }
  const { satThreshold = 0.99, stats = ["lsat"], convMethod = "channelwise" } = options;
  const { timeseriesMethod = "last_timestep", onError = "warn" } = options;
  checkName("idimRule", idimRule, IDIM_RULES);
  checkName("convMethod", convMethod, CONV_METHODS);
  checkName("timeseriesMethod", timeseriesMethod, TIMESERIES_METHODS);
  checkName("onError", onError, ["warn", "throw"]);
  checkThreshold("satThreshold", satThreshold, idimRule);
  return {
    backend,
    savePath,
    saveTo: checkSaveTo(saveTo, savePath),
    storage: nosave ? discardingStorage() : (options.storage ?? platform.openStorage()),
    writerArgs: options.writerArgs ?? {},
    statistics: resolveStatistics(stats),
    idimRule,
    satThreshold,
    logInterval: atLeast(1, "logInterval", options.logInterval ?? 1),
    maxSamples: options.maxSamples == null ? Infinity : atLeast(1, "maxSamples", options.maxSamples),
    layerwiseSat: options.layerwiseSat ?? true,
    averageSat: options.averageSat ?? false,
    resetCovariance: options.resetCovariance ?? true,
    ignoreLayerNames: new Set(options.ignoreLayerNames ?? []),
    convMethod,
    timeseriesMethod,
    verbose: options.verbose ?? false,
    initialEpoch: atLeast(0, "initialEpoch", options.initialEpoch ?? 0),
    logger: options.logger ?? consoleLog,
    onError,
  };
}

function checkName(option: string, got: string, allowed: readonly string[]): void {
  if (!allowed.includes(got)) throw unknownName(option, got, allowed);
}

function atLeast(least: number, option: string, got: number): number {
  if (Number.isSafeInteger(got) && got >= least) return got;
  throw new RangeError(`${option}: must be a whole number of at least ${least}, got ${show(got)}`);
}
