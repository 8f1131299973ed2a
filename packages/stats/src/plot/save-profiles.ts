import type { Phase, SaveRecord, ScalarRecord, StatRecord } from "../records.js";
import type { LayerProfile, ProfileSeries } from "./profile-spec.js";
import { profileTexts } from "./profile-texts.js";

/** A figure of a save and what it shows. */
export interface SaveProfile {
  /** Short key of the statistic. */
  readonly stat: string;
  readonly phase: Phase;
  readonly epoch: number;
  readonly profile: LayerProfile;
}

/** What the figures of a save say besides its records. */
export interface SaveProfileOptions {
  /** Name of the run, for titles. */
  readonly run: string;
  /** Share of the variance that counts (`satThreshold`). */
  readonly threshold: number;
  /** Earlier saves that are drawn faded behind, the oldest first; none by default. */
  readonly earlier?: readonly SaveRecord[] | undefined;
  /** Name of a user's scalar that the subtitle shows. */
  readonly primaryMetric?: string | undefined;
}

/** A statistic of one layer that is a number, or has none this time. */
export type ScalarStatRecord = StatRecord & { readonly value: number | null };

/**
 * One layer profile for each statistic and phase of a save, layers in order of their forward pass. Statistics that
 * are matrices, or have no finite value at all, have none.
 *
 * @example
 * const record = { kind: "stat", phase: "train", layer: "fc", index: 0, stat: "lsat", label: "saturation" } as const;
 * const save = { epoch: 3, time: 0, records: [{ ...record, value: 0.4, samples: 90, features: 5, undersampled: false }] };
 * saveProfiles(save, { run: "mlp", threshold: 0.99 })[0].profile.title; // "mlp · saturation · train · epoch 3"
 */
export function saveProfiles(save: SaveRecord, options: SaveProfileOptions): SaveProfile[] {
  const groups = new Map<string, ScalarStatRecord[]>();
  for (const record of save.records) {
    if (!isScalarStat(record)) continue;
    const key = JSON.stringify([record.stat, record.phase]);
    groups.set(key, [...(groups.get(key) ?? []), record]);
  }
  return [...groups.values()]
    .filter((records) => records.some(({ value }) => Number.isFinite(value)))
    .map((records) => {
      const { stat, phase } = records[0]!;
      return { stat, phase, epoch: save.epoch, profile: profileOf(records, save, options) };
    });
}

/** Whether a record is one that a layer profile can show. */
export function isScalarStat(record: SaveRecord["records"][number]): record is ScalarStatRecord {
  return record.kind === "stat" && (record.value === null || typeof record.value === "number");
}

function profileOf(
  records: readonly ScalarStatRecord[],
  save: SaveRecord,
  options: SaveProfileOptions,
): LayerProfile {
  const { stat, phase, label, integer = false } = records[0]!;
  const byIndex = new Map(records.map((record) => [record.index, record]));
  const layers = [...byIndex.values()].sort((a, b) => a.index - b.index);
  const { run, threshold, primaryMetric } = options;
  const metric = metricOf(save, primaryMetric);
  return {
    ...profileTexts({ run, stat, label, integer, phases: [phase], epoch: save.epoch, threshold, metric }),
    layers: layers.map(({ layer }) => layer),
    series: [
      ...(options.earlier ?? []).map((earlier) => earlierSeries(earlier, layers)),
      {
        name: phase,
        epoch: save.epoch,
        values: layers.map(({ value }) => value),
        samples: layers.map(({ samples }) => samples),
        undersampled: layers.map(({ undersampled }) => undersampled),
      },
    ],
  };
}

/** The same statistic of the same layers at another save. */
function earlierSeries({ epoch, records }: SaveRecord, layers: readonly ScalarStatRecord[]): ProfileSeries {
  const { stat, phase } = layers[0]!;
  const values = new Map(
    records
      .filter(isScalarStat)
      .filter((record) => record.stat === stat && record.phase === phase)
      .map(({ index, value }) => [index, value]),
  );
  return { name: phase, epoch, values: layers.map(({ index }) => values.get(index) ?? null) };
}

function metricOf({ records }: SaveRecord, name: string | undefined): ScalarRecord | undefined {
  const scalars = records.filter((record) => record.kind === "scalar");
  return scalars.filter((scalar) => scalar.name === name).at(-1);
}
