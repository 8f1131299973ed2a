import type { Backend } from "@delve/kernel";
import { platform } from "#platform";
import { consoleLog, type Log } from "../log.js";
import { show, unknownName } from "../names.js";
import { trc } from "../statistics/covariance-trace.js";
import { checkThreshold, IDIM_RULES, type IdimRule } from "../statistics/intrinsic-dimensionality.js";
import { resolveStatistics } from "../statistics/registry.js";
import type { Statistic } from "../statistics/statistic.js";
import type { Storage } from "../storage/storage.js";

/** Options of `reconstructCsv`. */
export interface ReconstructOptions {
  /** Shares of the variance that count, one table each. Left out: one table of what was saved, nothing computed. */
  readonly thresholds?: readonly number[] | undefined;
  /** Statistics to compute anew, keys or one's own that need eigenvalues only; `["lsat", "idim"]` by default. */
  readonly stats?: readonly (string | Statistic)[] | undefined;
  /** `documented` by default. */
  readonly idimRule?: IdimRule | undefined;
  /** Decomposes covariance matrices; of no use where spectra were saved. */
  readonly backend?: Backend | undefined;
  /** The file system in Node, Deno and Bun, memory elsewhere. */
  readonly storage?: Storage | undefined;
  /** The console by default. */
  readonly logger?: Log | undefined;
}

/** Options with their defaults filled in, checked. */
export interface ReconstructSettings {
  /** `null`: as saved. */
  readonly thresholds: readonly (number | null)[];
  /** Statistics to compute anew at each threshold. */
  readonly computed: readonly Statistic[];
  readonly idimRule: IdimRule;
  readonly backend: Backend | null;
  readonly storage: Storage;
  readonly log: Log;
}

/** @throws {RangeError} If a threshold, statistic or rule is not one. */
export function resolveReconstruct(options: ReconstructOptions): ReconstructSettings {
  const { thresholds, stats = ["lsat", "idim"], idimRule = "documented", backend = null } = options;
  if (!IDIM_RULES.includes(idimRule)) throw unknownName("reconstructCsv: idimRule", idimRule, IDIM_RULES);
  if (thresholds !== undefined && (!Array.isArray(thresholds) || thresholds.length === 0)) {
    throw new RangeError(`reconstructCsv: thresholds must be a list such as [0.9], got ${show(thresholds)}`);
  }
  for (const threshold of thresholds ?? []) checkThreshold("reconstructCsv", threshold, idimRule);
  const statistics = resolveStatistics(stats);
  for (const statistic of statistics) checkNeeds(statistic);
  return {
    thresholds: thresholds ?? [null],
    computed: thresholds === undefined ? [] : statistics,
    idimRule,
    backend,
    storage: options.storage ?? platform.openStorage(),
    log: options.logger ?? consoleLog,
  };
}

/** A tree holds no samples, means or counts. Of the moments, the trace is all that eigenvalues tell. */
function checkNeeds(statistic: Statistic): void {
  const missing = statistic.needs.find((need) => need !== "values" && need !== "top");
  if (missing === undefined || statistic === trc) return;
  throw new RangeError(
    `reconstructCsv: stats must need eigenvalues only, got "${statistic.key}", which needs ${missing}`,
  );
}
