import type { Backend, MomentsState } from "@delve/kernel";
import type { LayerSnapshot } from "./layers.js";
import type { Log } from "./log.js";
import type { MatrixValue, Phase, ScalarRecord, StatRecord, StatValue, TidyRecord } from "./records.js";
import { type Spectrum, spectrumOf } from "./spectrum.js";
import type { IdimRule } from "./statistics/intrinsic-dimensionality.js";
import { lsat } from "./statistics/saturation.js";
import type { Need, Statistic, StatisticContext } from "./statistics/statistic.js";

/** What the records of a save are made with. */
export interface SaveSettings {
  readonly backend: Backend;
  readonly statistics: readonly Statistic[];
  readonly idimRule: IdimRule;
  readonly satThreshold: number;
  readonly layerwiseSat: boolean;
  readonly averageSat: boolean;
  readonly verbose: boolean;
  readonly logger: Log;
}

/** Calls it with what went wrong; what remains is a `null` in the records. */
export type ReportFailure = (snapshot: LayerSnapshot, error: unknown) => void;

/** The statistics that a save computes: those that are shown, and what the average of them needs. */
function statisticsOf({ averageSat, layerwiseSat, statistics }: SaveSettings): {
  shown: readonly Statistic[];
  hidden: readonly Statistic[];
} {
  const shown = layerwiseSat ? statistics : [];
  return { shown, hidden: averageSat && !shown.includes(lsat) ? [lsat] : [] };
}

/** All that the statistics of a save need. */
export function needsOf(settings: SaveSettings): ReadonlySet<Need> {
  const { shown, hidden } = statisticsOf(settings);
  return new Set([...shown, ...hidden].flatMap(({ needs }) => needs));
}

// Fewer samples than this a feature, and the data limit the value: saturation ≤ min(1, (n − 1)/d).
const SAMPLES_PER_FEATURE = 10;

/**
 * The records of all layers at one save: every statistic of each, one spectrum a layer, then the averages.
 */
export async function recordsOf(
  snapshots: readonly LayerSnapshot[],
  settings: SaveSettings,
  report: ReportFailure,
): Promise<TidyRecord[]> {
  const { shown, hidden } = statisticsOf(settings);
  const records: StatRecord[] = [];
  for (const snapshot of snapshots) {
    records.push(...(await layerRecords(snapshot, [...shown, ...hidden], settings, report)));
  }
  const averages = settings.averageSat ? averagesOf(records) : [];
  return [...records.filter(({ stat }) => shown.some(({ key }) => key === stat)), ...averages];
}

async function layerRecords(
  snapshot: LayerSnapshot,
  statistics: readonly Statistic[],
  settings: SaveSettings,
  report: ReportFailure,
): Promise<StatRecord[]> {
  let count = 0;
  let values: StatValue[] = statistics.map(() => null);
  try {
    const state = await snapshot.state;
    count = state.count;
    if (count > 0) values = await valuesOf({ state, samples: snapshot.samples }, statistics, settings);
  } catch (error) {
    report(snapshot, error);
  }
  const records = statistics.map((statistic, i) => recordOf(snapshot, statistic, values[i]!, count));
  if (settings.verbose) for (const record of records) logSaturation(record, settings.logger);
  return records;
}

async function valuesOf(
  { state, samples }: { state: MomentsState; samples: MatrixValue | null },
  statistics: readonly Statistic[],
  { backend, satThreshold, idimRule }: SaveSettings,
): Promise<StatValue[]> {
  const needs = new Set(statistics.flatMap(({ needs }) => needs));
  const spectrum = await neededSpectrum(state, backend, needs, satThreshold);
  const context: StatisticContext = {
    state,
    threshold: satThreshold,
    idimRule,
    get spectrum() {
      if (spectrum !== null) return spectrum;
      throw new Error('stats: a statistic that reads the spectrum needs: ["values"], got ["moments"]');
    },
    get samples() {
      if (samples !== null) return samples;
      throw new Error('stats: a statistic that reads samples needs: ["samples"], got none of that kind');
    },
  };
  return statistics.map((statistic) => statistic.compute(context));
}

async function neededSpectrum(
  state: MomentsState,
  backend: Backend,
  needs: ReadonlySet<Need>,
  threshold: number,
): Promise<Spectrum | null> {
  if (needs.has("vectors")) return spectrumOf(state, backend, { vectors: true });
  if (needs.has("values")) return spectrumOf(state, backend);
  return needs.has("top") ? spectrumOf(state, backend, { top: threshold }) : null;
}

function recordOf(
  snapshot: LayerSnapshot,
  statistic: Statistic,
  value: StatValue,
  samples: number,
): StatRecord {
  const { layer, phase, index, features } = snapshot;
  const { key: stat, label, integer = false } = statistic;
  const undersampled = samples < SAMPLES_PER_FEATURE * features;
  return { kind: "stat", phase, layer, index, stat, label, value, integer, samples, features, undersampled };
}

function averagesOf(records: readonly StatRecord[]): ScalarRecord[] {
  return (["train", "eval"] satisfies Phase[]).flatMap((phase) => {
    const values = records
      .filter((record) => record.phase === phase && record.stat === lsat.key)
      .flatMap(({ value }) => (typeof value === "number" ? value : []));
    if (values.length === 0) return [];
    const value = values.reduce((sum, value) => sum + value, 0) / values.length;
    return { kind: "scalar", name: `average-${phase}-sat`, value };
  });
}

function logSaturation({ stat, phase, layer, value, samples }: StatRecord, log: Log): void {
  if (stat !== lsat.key || typeof value !== "number") return;
  log("info", `saturation of "${layer}" (${phase}): ${value.toFixed(4)}, from ${samples} samples`, {
    layer,
    phase,
    saturation: value,
    samples,
  });
}
