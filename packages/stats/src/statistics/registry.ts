import { show, unknownName } from "../names.js";
import { det, logdet } from "./covariance-determinant.js";
import { cov } from "./covariance-matrix.js";
import { trc } from "./covariance-trace.js";
import { dtrc } from "./diagonal-trace.js";
import { embed } from "./embedding.js";
import { idim } from "./intrinsic-dimensionality.js";
import { lsat } from "./saturation.js";
import { spectrum } from "./spectrum-values.js";
import type { Statistic } from "./statistic.js";

/** The statistics that can be asked for by key. */
export const STATISTICS: readonly Statistic[] = [idim, lsat, cov, det, logdet, trc, dtrc, embed, spectrum];

/**
 * The statistics behind a list of keys and statistics of one's own, in its order, each once.
 *
 * As in Delve, `lsat_train` and `lsat_eval` may stand beside `lsat`; both phases are always reported.
 *
 * @throws {RangeError} If a key is unknown, or two statistics share one.
 * @example
 * resolveStatistics(["lsat", "trc"]).map(({ label }) => label); // ["saturation", "covariance-trace"]
 */
export function resolveStatistics(stats: readonly (string | Statistic)[]): Statistic[] {
  if (!Array.isArray(stats)) {
    throw new TypeError(`stats: must be a list such as ["lsat", "idim"], got ${show(stats)}`);
  }
  const known = new Map(STATISTICS.map((statistic) => [statistic.key, statistic]));
  const chosen = new Map<string, Statistic>();
  for (const stat of stats.filter((stat) => !hasBaseIn(stats, stat))) {
    const statistic = typeof stat === "string" ? known.get(stat) : checkStatistic(stat);
    if (statistic === undefined) throw unknownName("stats", stat, [...known.keys()]);
    if ((chosen.get(statistic.key) ?? statistic) !== statistic) {
      throw new RangeError(`stats: every key must stand for one statistic, got two for "${statistic.key}"`);
    }
    chosen.set(statistic.key, statistic);
  }
  return [...chosen.values()];
}

function hasBaseIn(stats: readonly (string | Statistic)[], stat: unknown): boolean {
  const base = typeof stat === "string" ? /^(.+)_(train|eval)$/.exec(stat)?.[1] : undefined;
  return base !== undefined && stats.includes(base);
}

function checkStatistic(stat: unknown): Statistic {
  const { key, label, needs, compute } = (stat ?? {}) as Partial<Statistic>;
  if (
    typeof key === "string" &&
    typeof label === "string" &&
    Array.isArray(needs) &&
    typeof compute === "function"
  ) {
    return stat as Statistic;
  }
  throw new TypeError(`stats: a statistic must have key, label, needs and compute, got ${show(stat)}`);
}
